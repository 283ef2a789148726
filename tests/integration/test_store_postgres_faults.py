"""A PostgreSQL server that is restarted, killed, or hangs: nothing acknowledged is lost, nobody
waits for long, and everything works again when it does, without being opened anew."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from adapters.persistence.sql.store import SqlStore
from domain.errors import StoreUnavailable
from domain.message import Message
from tests.cast import a_post, a_room, a_user, alice, at
from tests.servers.postgres import PostgresServer, fresh_database

TIMEOUT = 1.0
AUTHORS = 6


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    server = PostgresServer(durable=True)
    server.start()
    yield server
    server.close()


@pytest.fixture
async def store(server: PostgresServer) -> AsyncIterator[SqlStore]:
    """Alice and the garden."""
    async with fresh_database(server.url()) as url:
        store = SqlStore(url, pool_size=3, timeout=TIMEOUT)
        await store.open("first life")
        async with store.unit() as unit:
            await unit.users.add(alice(), "hash")
            await unit.rooms.add(a_room())
        yield store
        await store.close()
        assert store.database.lent == 0


async def post(store: SqlStore, *keys: str) -> list[Message]:
    """As the room's writer does it: a repeated key is found, a new one gets its seq."""
    async with store.unit() as unit:
        locked = await unit.rooms.lock(a_room().id)
        found = await unit.log.find_by_keys((alice().id, key) for key in keys)
        new = [
            locked.receive(a_post(alice(), key, key=key), at=at(0))
            for key in keys
            if (alice().id, key) not in found
        ]
        await unit.log.append(new)
        await unit.rooms.save(locked)
    return [*found.values(), *new]


async def log_of(store: SqlStore) -> dict[int, str | None]:
    async with store.view() as view:
        log = await view.log.replay(a_room().id, 0, limit=10**6)
    return {message.seq: message.key for message in log}


class Load:
    """People who post in the garden, and repeat what was not acknowledged, as clients do."""

    def __init__(self, store: SqlStore) -> None:
        self.acknowledged: dict[int, str | None] = {}
        self.unavailable = 0
        self._store = store
        self._over = asyncio.Event()
        self._acknowledgement = asyncio.Semaphore(0)

    async def until(self, acknowledged: int) -> None:
        """Wait for so many more."""
        async with asyncio.timeout(20):
            for _ in range(acknowledged):
                await self._acknowledgement.acquire()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        people = [asyncio.create_task(self._talk(n)) for n in range(AUTHORS)]
        yield
        self._over.set()
        await asyncio.gather(*people)

    async def _talk(self, person: int) -> None:
        said = 0
        while not self._over.is_set():
            try:
                [message] = await post(self._store, f"{person} {said}")
            except StoreUnavailable:
                self.unavailable += 1
                await asyncio.sleep(0.02)
                continue
            self.acknowledged[message.seq] = message.key
            self._acknowledgement.release()
            said += 1


@pytest.mark.parametrize("fault", ["restarted", "killed"])
async def test_what_was_acknowledged_survives(
    server: PostgresServer, store: SqlStore, fault: str
) -> None:
    load = Load(store)
    async with load.running():
        for _ in range(3):
            await load.until(20)
            await asyncio.to_thread(server.stop if fault == "restarted" else server.kill)
            await asyncio.sleep(0.1)
            server.start()
        await load.until(20)

    stored = await log_of(store)
    assert load.unavailable
    assert list(stored) == list(range(1, len(stored) + 1))
    assert len(set(stored.values())) == len(stored)
    assert load.acknowledged.items() <= stored.items()


async def test_the_first_request_after_a_restart_succeeds(
    server: PostgresServer, store: SqlStore
) -> None:
    await asyncio.gather(*(store.check() for _ in range(9)))
    await asyncio.gather(*(post(store, f"before {n}") for n in range(9)))
    # In one go, so that no connection could notice that it ended.
    server.restart()

    await post(store, "after")
    await store.check()

    assert list((await log_of(store)).values())[-1] == "after"


async def test_a_server_that_is_down_is_unavailable_at_once(
    server: PostgresServer, store: SqlStore
) -> None:
    await store.check()
    server.stop()

    started = time.monotonic()
    for call in (store.check, lambda: post(store, "k")):
        with pytest.raises(StoreUnavailable):
            await call()
    assert time.monotonic() - started < TIMEOUT
    server.start()

    await store.check()


@contextlib.contextmanager
def hanging(server: PostgresServer) -> Iterator[None]:
    server.freeze()
    try:
        yield
    finally:
        server.thaw()


async def unavailable_in_time(call: Callable[[], Awaitable[object]]) -> str:
    started = time.monotonic()
    with pytest.raises(StoreUnavailable) as unavailable:
        await call()
    assert time.monotonic() - started < TIMEOUT + 1.5  # On a machine with other things to do.
    return unavailable.value.detail


async def test_nobody_waits_long_for_a_server_that_hangs(
    server: PostgresServer, store: SqlStore
) -> None:
    await asyncio.gather(*(store.check() for _ in range(9)))
    with hanging(server):
        calls = [lambda n=n: post(store, f"k{n}") for n in range(9)]

        said = await asyncio.gather(
            *(unavailable_in_time(call) for call in (*calls, *[store.check] * 9))
        )
        assert all(said)
        # There are no old connections left to try; new ones hang as well.
        assert "answer" in await unavailable_in_time(store.check)

    await store.check()
    await post(store, "after")


async def test_a_server_that_hangs_inside_a_unit_is_not_waited_for(
    server: PostgresServer, store: SqlStore
) -> None:
    async def hang_at(point: str) -> None:
        async with store.unit() as unit:
            await unit.users.add(a_user(point), "hash")
            server.freeze()
            if point == "statement":
                await unit.users.get(alice().id)
            if point == "refusal":
                raise StoreUnavailable("refused")

    for point in ("statement", "commit", "refusal"):
        try:
            await unavailable_in_time(lambda point=point: hang_at(point))
        finally:
            server.thaw()
        assert store.database.lent == 0

    async with store.unit() as unit:
        await unit.users.add(a_user("after"), "hash")
        assert await unit.users.find_by_name("statement") is None
        assert await unit.users.find_by_name("refusal") is None


async def test_whoever_is_cancelled_while_the_server_hangs_leaves_no_connection_behind(
    server: PostgresServer, store: SqlStore
) -> None:
    with hanging(server):
        tasks = [asyncio.create_task(post(store, f"k{n}")) for n in range(9)]
        await asyncio.wait(tasks, timeout=0.2)
        for task in tasks:
            task.cancel()
        async with asyncio.timeout(2):
            await asyncio.gather(*tasks, return_exceptions=True)
    await store.database._returns.finish()

    assert store.database.lent == 0
    await post(store, "after")
