"""Who has to keep the contracts. An adapter is held to them by its name here, and nowhere else."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from adapters.metrics.instruments import Instruments
from adapters.metrics.metered_notifier import MeteredNotifier
from adapters.metrics.metered_store import MeteredStore
from adapters.notifier.in_process import InProcessNotifier
from adapters.notifier.redis.notifier import RedisNotifier
from adapters.persistence.memory.movable import MemoryMovable
from adapters.persistence.memory.presence_board import MemoryPresenceBoard
from adapters.persistence.memory.rate_limits import MemoryRateLimits
from adapters.persistence.memory.session_store import MemorySessionStore
from adapters.persistence.memory.store import MemoryStore
from adapters.persistence.mongo.driver import DriverName
from adapters.persistence.mongo.session_store import MongoSessionStore
from adapters.persistence.mongo.store import MongoStore
from adapters.persistence.redis.presence_board import RedisPresenceBoard
from adapters.persistence.redis.rate_limits import RedisRateLimits
from adapters.persistence.redis.session_store import RedisSessionStore
from adapters.persistence.sql.session_store import SqlSessionStore
from adapters.persistence.sql.store import SqlStore
from adapters.redis.link import RedisLink
from application.ports.notifier import Notifier
from application.ports.presence_board import PresenceBoard
from application.ports.rate_limits import Action, RateLimits
from application.ports.transfer import Movable
from besedka_contracts.backend import Backend
from besedka_contracts.moved_clock import MovedClock
from tests.integration.moving.places import KINDS, an_empty_place, moving
from tests.servers import valkey
from tests.servers.mongo import emptied_database as emptied_mongo_database
from tests.servers.postgres import reused_database
from tests.servers.sqlite import migrated_file

Limits = dict[Action, tuple[float, int]]


@asynccontextmanager
async def memory(_: Path) -> AsyncIterator[Backend]:
    store = MemoryStore()
    await store.open("first life")
    yield Backend(store, MemorySessionStore())
    await store.close()


@asynccontextmanager
async def metered(directory: Path) -> AsyncIterator[Backend]:
    async with memory(directory) as bare:
        yield Backend(MeteredStore(bare.store, Instruments("1.0", "memory")), bare.sessions)


@asynccontextmanager
async def sqlite(directory: Path) -> AsyncIterator[Backend]:
    store = SqlStore(await migrated_file(directory / "besedka.db"))
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
    "metered": metered,
    "sqlite": sqlite,
    "postgres": postgres,
    "mongo-motor": mongo("motor"),
    "mongo-pymongo": mongo("pymongo"),
}
WITHOUT_STORE = ("memory", "redis")


@asynccontextmanager
async def redis() -> AsyncIterator[RedisLink]:
    link = RedisLink(valkey.shared_server_url(), prefix=valkey.fresh_prefix(), timeout=5)
    await link.open()
    yield link
    await link.close()


@asynccontextmanager
async def redis_sessions(_: Path) -> AsyncIterator[Backend]:
    async with redis() as link:
        yield Backend(MemoryStore(), RedisSessionStore(link, MemorySessionStore()))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each store, and for sessions also what keeps nothing else."""
    if "backend" in metafunc.fixturenames:
        beside = ["redis"] if metafunc.module.__name__.endswith("test_session_store") else []
        metafunc.parametrize("backend", [*BACKENDS, *beside], indirect=True)


@pytest.fixture
async def backend(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Backend]:
    async with {**BACKENDS, "redis": redis_sessions}[request.param](tmp_path) as backend:
        yield backend


@pytest.fixture(params=WITHOUT_STORE)
async def board(request: pytest.FixtureRequest) -> AsyncIterator[PresenceBoard]:
    if request.param == "memory":
        yield MemoryPresenceBoard()
        return
    async with redis() as link:
        board = RedisPresenceBoard(link, "one", 30, MemoryPresenceBoard())
        await board.open()
        yield board
        await board.close()


@pytest.fixture(params=WITHOUT_STORE)
async def limits(
    request: pytest.FixtureRequest, clock: MovedClock
) -> AsyncIterator[Callable[[Limits], RateLimits]]:
    """Makes rate limits on the test's clock."""
    if request.param == "memory":
        yield lambda given: MemoryRateLimits(clock, given)
        return
    async with redis() as link:
        nobody = MemoryRateLimits(clock, {})
        yield lambda given: RedisRateLimits(link, given, nobody, lambda: clock.now().timestamp())


@pytest.fixture(params=[*WITHOUT_STORE, "metered"])
async def notifier(request: pytest.FixtureRequest) -> AsyncIterator[Notifier]:
    if request.param == "memory":
        yield InProcessNotifier()
        return
    if request.param == "metered":
        yield MeteredNotifier(InProcessNotifier(), Instruments("1.0", "memory"))
        return
    async with redis() as link, _opened(RedisNotifier(link, "one", lambda: "first life")) as it:
        yield it


@pytest.fixture
async def nodes() -> AsyncIterator[tuple[Notifier, Notifier]]:
    async with redis() as link, AsyncExitStack() as stack:
        one, other = (RedisNotifier(link, name, lambda: "first life") for name in ("one", "other"))
        for each in (one, other):
            await stack.enter_async_context(_opened(each))
        yield one, other


@asynccontextmanager
async def _opened(notifier: RedisNotifier) -> AsyncIterator[Notifier]:
    await notifier.open()
    yield notifier
    await notifier.close()


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
