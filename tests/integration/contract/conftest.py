"""Who has to keep the contracts. An adapter is held to them by its name here, and nowhere else."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from adapters.persistence.memory.movable import MemoryMovable
from adapters.persistence.memory.presence_board import MemoryPresenceBoard
from adapters.persistence.memory.rate_limits import MemoryRateLimits
from adapters.persistence.memory.session_store import MemorySessionStore
from adapters.persistence.memory.store import MemoryStore
from adapters.persistence.mongo.driver import DriverName
from adapters.persistence.mongo.session_store import MongoSessionStore
from adapters.persistence.mongo.store import MongoStore
from adapters.persistence.sql.session_store import SqlSessionStore
from adapters.persistence.sql.store import SqlStore
from application.ports.clock import Clock
from application.ports.presence_board import PresenceBoard
from application.ports.rate_limits import Action, RateLimits
from application.ports.transfer import Movable
from besedka_contracts.backend import Backend
from besedka_contracts.moved_clock import MovedClock
from tests.integration.moving.places import KINDS, an_empty_place, moving
from tests.servers.mongo import emptied_database as emptied_mongo_database
from tests.servers.postgres import reused_database

Limits = dict[Action, tuple[float, int]]


@asynccontextmanager
async def memory(_: Path) -> AsyncIterator[Backend]:
    store = MemoryStore()
    await store.open("first life")
    yield Backend(store, MemorySessionStore())
    await store.close()


@asynccontextmanager
async def sqlite(directory: Path) -> AsyncIterator[Backend]:
    store = SqlStore(f"sqlite:///{directory}/besedka.db")
    await store.open("first life")
    yield Backend(store, SqlSessionStore(store.database))
    await store.close()


@asynccontextmanager
async def postgres(_: Path) -> AsyncIterator[Backend]:
    async with reused_database() as url:
        store = SqlStore(url)
        await store.open("first life")
        yield Backend(store, SqlSessionStore(store.database))
        await store.close()


def mongo(driver: DriverName) -> Callable[[Path], AbstractAsyncContextManager[Backend]]:
    @asynccontextmanager
    async def by_driver(_: Path) -> AsyncIterator[Backend]:
        store = MongoStore(emptied_mongo_database(driver), driver=driver)
        await store.open("first life")
        yield Backend(store, MongoSessionStore(store.database))
        await store.close()

    return by_driver


BACKENDS: dict[str, Callable[[Path], AbstractAsyncContextManager[Backend]]] = {
    "memory": memory,
    "sqlite": sqlite,
    "postgres": postgres,
    "mongo-motor": mongo("motor"),
    "mongo-pymongo": mongo("pymongo"),
}
BOARDS: dict[str, Callable[[], PresenceBoard]] = {"memory": MemoryPresenceBoard}
LIMITS: dict[str, Callable[[Clock, Limits], RateLimits]] = {"memory": MemoryRateLimits}


@pytest.fixture(params=BACKENDS)
async def backend(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Backend]:
    async with BACKENDS[request.param](tmp_path) as backend:
        yield backend


@pytest.fixture(params=BOARDS)
def board(request: pytest.FixtureRequest) -> PresenceBoard:
    return BOARDS[request.param]()


@pytest.fixture(params=LIMITS)
def limits(request: pytest.FixtureRequest, clock: MovedClock) -> Callable[[Limits], RateLimits]:
    """Makes rate limits on the test's clock."""
    return lambda given: LIMITS[request.param](clock, given)


@pytest.fixture(params=["memory", *KINDS])
async def movable(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Movable]:
    async with _an_empty_movable(request.param, tmp_path) as movable:
        yield movable


@pytest.fixture(params=["memory", *(kind for kind in KINDS if kind != "archive")])
async def resumable(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Movable]:
    async with _an_empty_movable(request.param, tmp_path) as movable:
        yield movable


@asynccontextmanager
async def _an_empty_movable(kind: str, directory: Path) -> AsyncIterator[Movable]:
    if kind == "memory":
        yield MemoryMovable(MemoryStore(), MemorySessionStore())
        return
    async with an_empty_place(kind, directory) as url:
        yield moving().movable(url)
