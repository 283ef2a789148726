"""Who has to keep the contracts. An adapter is held to them by its name here, and nowhere else."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

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
from application.ports.session_store import SessionStore
from application.ports.store import Store
from tests.cast import alice, bob, mallory
from tests.integration.contract.moved_clock import MovedClock
from tests.servers.mongo import emptied_database as emptied_mongo_database
from tests.servers.postgres import reused_database

Limits = dict[Action, tuple[float, int]]


@dataclass
class Backend:
    """A store that is open and empty, and the sessions beside it."""

    store: Store
    sessions: SessionStore


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


@pytest.fixture
def store(backend: Backend) -> Store:
    return backend.store


@pytest.fixture
def sessions(backend: Backend) -> SessionStore:
    return backend.sessions


@pytest.fixture
async def people(store: Store) -> Store:
    """The store, with alice, bob and mallory in it."""
    async with store.unit() as unit:
        for user in (alice(), bob(), mallory()):
            await unit.users.add(user, "hash")
    return store


@pytest.fixture(params=BOARDS)
def board(request: pytest.FixtureRequest) -> PresenceBoard:
    return BOARDS[request.param]()


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture(params=LIMITS)
def limits(request: pytest.FixtureRequest, clock: MovedClock) -> Callable[[Limits], RateLimits]:
    """Makes rate limits on the test's clock."""
    return lambda given: LIMITS[request.param](clock, given)
