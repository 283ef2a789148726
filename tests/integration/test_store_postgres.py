"""What only a store on a PostgreSQL server has to do: share it, and take its errors for what they
are."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import text

from adapters.persistence.sql.errors import Violation
from adapters.persistence.sql.postgres import BoundedConnection
from adapters.persistence.sql.session_store import SqlSessionStore
from adapters.persistence.sql.store import SqlStore
from application.ports.message_log import KeyTaken
from domain.errors import StoreUnavailable
from domain.ids import RoomId
from tests.cast import a_post, a_room, a_session, alice, mallory, numbered
from tests.integration.garden import plant_garden
from tests.servers.postgres import administer, database_url, fresh_database

TIMEOUT = 1.0


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with fresh_database() as url:
        yield url


@asynccontextmanager
async def opened(url: str, epoch: str = "first life", **options: float) -> AsyncIterator[SqlStore]:
    store = SqlStore(url, **{"timeout": TIMEOUT, **options})
    try:
        await store.open(epoch)
        yield store
    finally:
        await store.close()


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    """Alice and bob in the garden, where alice has said something."""
    async with opened(url, pool_size=3) as store:
        await plant_garden(store)
        yield store


async def add_mallory(store: SqlStore) -> None:
    async with store.unit() as unit:
        await unit.users.add(mallory(), "hash")


async def is_there(store: SqlStore, name: str) -> bool:
    async with store.view() as view:
        return await view.users.find_by_name(name) is not None


async def test_everything_survives_reopening(store: SqlStore, url: str) -> None:
    session = a_session(alice())
    await SqlSessionStore(store.database).add(session)
    async with store.view() as view:
        log = await view.log.replay(a_room().id, 0, limit=9)
    await store.close()

    async with opened(url, "second life") as reopened, reopened.view() as view:
        assert reopened.epoch == "first life"
        assert await view.users.find_by_name("alice") == alice()
        assert await view.log.replay(a_room().id, 0, limit=9) == log
        found = await SqlSessionStore(reopened.database).find_many([session.digest])
        assert found == {session.digest: session}


async def test_views_look_at_one_moment_and_units_wait_for_each_other(store: SqlStore) -> None:
    settings = {}
    for name in ("transaction_isolation", "transaction_read_only"):
        settings[name] = []
        for transaction in (store.database.unit, store.database.view):
            async with transaction() as begun:
                row = await begun.row(text(f"SELECT current_setting('{name}') AS value"))
                settings[name].append(row and row[0])

    assert settings == {
        "transaction_isolation": ["read committed", "repeatable read"],
        "transaction_read_only": ["off", "on"],
    }


async def test_a_closed_store_is_unavailable(url: str) -> None:
    async with opened(url) as store:
        pass

    for call in (store.check, lambda: store.unit().__aenter__(), lambda: store.view().__aenter__()):
        with pytest.raises(StoreUnavailable):
            await call()


async def test_a_unit_that_outlives_its_store_leaves_no_connection_behind(url: str) -> None:
    async with opened(url) as store, store.unit() as unit, store.view() as view:
        await unit.users.add(mallory(), "hash")
        await view.users.find_by_name("alice")
        await store.close()

    assert await connections(url) == 0


TEMPORARY = [
    *("08006", "25006", "25P03", "28P01", "3D000", "40001", "40P01", "53000", "53100", "53200"),
    *("53300", "55P03", "57014", "57P01", "57P02", "57P03", "58030"),
]
MISTAKES = ["22P02", "23514", "25P02", "42501", "42601", "42P01", "54000", "XX000"]


async def raised_for(store: SqlStore, sqlstate: str) -> Exception:
    """What a unit is left by if the database says this."""
    block = f"DO $$ BEGIN RAISE EXCEPTION 'it is so' USING ERRCODE = '{sqlstate}'; END $$"
    try:
        async with store.database.unit() as transaction:
            await transaction.write(text(block), {})
    except (StoreUnavailable, asyncpg.PostgresError, Violation) as error:
        return error
    raise AssertionError("It was not raised.")


@pytest.mark.parametrize("sqlstate", TEMPORARY)
async def test_what_may_pass_is_unavailable(store: SqlStore, sqlstate: str) -> None:
    error = await raised_for(store, sqlstate)

    assert isinstance(error, StoreUnavailable)
    assert error.detail == "it is so"
    await store.check()


@pytest.mark.parametrize("sqlstate", MISTAKES)
async def test_what_is_our_mistake_stays_an_error(store: SqlStore, sqlstate: str) -> None:
    error = await raised_for(store, sqlstate)

    assert isinstance(error, asyncpg.PostgresError | Violation)
    await store.check()


async def test_values_of_a_wrong_type_are_a_mistake_too(store: SqlStore) -> None:
    async with store.database.view() as transaction:
        with pytest.raises(asyncpg.DataError):
            await transaction.rows(text("SELECT CAST(:n AS bigint)"), {"n": "seven"})


async def ended_connections(url: str) -> None:
    """As an operator does, or the server itself before it restarts."""
    connection = await asyncpg.connect(database_url(url, "postgres"))
    await connection.fetch(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1",
        url.rpartition("/")[2],
    )
    await connection.close()


async def test_a_connection_that_ends_inside_a_unit_is_unavailable(
    store: SqlStore, url: str
) -> None:
    async def cut_off() -> None:
        async with store.unit() as unit:
            await unit.users.add(mallory(), "hash")
            await ended_connections(url)
            await unit.users.get(mallory().id)

    with pytest.raises(StoreUnavailable):
        await cut_off()

    assert not await is_there(store, "mallory")
    await store.database._returns.finish()
    assert store.database.lent == 0


async def test_a_connection_that_ends_before_the_commit_is_unavailable(
    store: SqlStore, url: str
) -> None:
    async def cut_off() -> None:
        async with store.unit() as unit:
            await unit.users.add(mallory(), "hash")
            await ended_connections(url)

    with pytest.raises(StoreUnavailable):
        await cut_off()

    assert not await is_there(store, "mallory")
    await store.database._returns.finish()
    assert store.database.lent == 0


async def test_connections_that_ended_in_the_pool_fail_nobody(store: SqlStore, url: str) -> None:
    await asyncio.gather(*(store.check() for _ in range(9)))
    await ended_connections(url)

    await asyncio.gather(add_mallory(store), *(store.check() for _ in range(9)))

    assert await is_there(store, "mallory")


async def test_a_refusal_is_told_even_if_the_connection_ends(store: SqlStore, url: str) -> None:
    async def refuse() -> None:
        async with store.unit() as unit:
            await unit.users.add(mallory(), "hash")
            await ended_connections(url)
            raise LookupError

    with pytest.raises(LookupError):
        await refuse()

    assert store.database.lent == 0


async def lasts_about(seconds: float, call: Callable[[], Awaitable[object]]) -> str:
    """How the store was unavailable, in time."""
    started = time.monotonic()
    with pytest.raises(StoreUnavailable) as unavailable:
        await call()
    assert time.monotonic() - started < seconds + 1
    return unavailable.value.detail


async def test_a_statement_that_takes_too_long_is_ended(store: SqlStore) -> None:
    async def sleep() -> None:
        async with store.database.view() as transaction:
            await transaction.rows(text("SELECT pg_sleep(30)"))

    assert "statement timeout" in await lasts_about(TIMEOUT, sleep)
    await store.check()


async def test_a_lock_that_is_not_to_be_had_is_not_waited_for_forever(store: SqlStore) -> None:
    async def rename() -> None:
        async with store.unit() as unit:
            await unit.rooms.lock(a_room().id)

    async with store.unit() as unit:
        await unit.rooms.lock(a_room().id)

        detail = await lasts_about(TIMEOUT, rename)
        assert "timeout" in detail

    await rename()


async def test_units_and_views_do_not_take_each_others_connections(store: SqlStore) -> None:
    async def look() -> None:
        async with store.view() as view:
            await view.users.get(alice().id)
            looking.release()
            await done.wait()

    looking, done = asyncio.Semaphore(0), asyncio.Event()
    looks = [asyncio.create_task(look()) for _ in range(3)]
    for _ in looks:
        await looking.acquire()

    await add_mallory(store)
    assert "connections are in use" in await lasts_about(TIMEOUT, store.check)

    done.set()
    await asyncio.gather(*looks)


async def test_a_database_that_may_only_be_read_is_read(store: SqlStore, url: str) -> None:
    name = url.rpartition("/")[2]
    await administer(url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await ended_connections(url)

    with pytest.raises(StoreUnavailable) as unavailable:
        await add_mallory(store)
    assert await is_there(store, "alice")
    other = database_url(url, "postgres")
    await administer(other, f"ALTER DATABASE {name} RESET default_transaction_read_only")
    await ended_connections(url)

    assert "read-only transaction" in unavailable.value.detail
    await add_mallory(store)


async def test_cancelled_at_any_moment_nobody_keeps_a_connection(
    store: SqlStore, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> None:
        async with store.unit() as unit:
            await unit.rooms.save(await unit.rooms.lock(a_room().id))

    async def look() -> None:
        async with store.view() as view:
            await view.log.replay(a_room().id, 0, limit=9)

    for moment in range(60):
        tasks = [asyncio.create_task(call()) for call in (work, look, look, work, work)]
        await asyncio.wait(tasks, timeout=moment / 5_000)
        for ticks in range(3):
            for task in tasks:
                task.cancel()
            for _ in range(ticks):
                await asyncio.sleep(0)
        await asyncio.gather(*tasks, return_exceptions=True)
    await store.database._returns.finish()

    assert store.database.lent == 0
    await asyncio.gather(*(call() for call in (work, look) * 9))
    await store.close()
    assert caplog.text == ""
    assert await connections(url) == 0


async def connections(url: str) -> int:
    """How many the server has to this database, once those that end have ended."""
    connection = await asyncpg.connect(database_url(url, "postgres"))
    count = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1"
    left = 1
    for _ in range(100):
        if (left := int(await connection.fetchval(count, url.rpartition("/")[2]))) == 0:
            break
        await asyncio.sleep(0.02)
    await connection.close()
    return left


async def test_nodes_that_store_the_same_keys_in_two_rooms_do_not_deadlock(
    store: SqlStore, url: str
) -> None:
    """So slowly that each of them would have one key when it wants the other's."""
    await administer(
        url,
        "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN PERFORM pg_sleep(0.02); RETURN new; END'",
        "CREATE TRIGGER slowly BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION slowly()",
    )
    async with store.unit() as unit:
        await unit.rooms.add(a_room("hall"))

    async def post(room_id: RoomId, *keys: str) -> None:
        async with store.unit() as unit:
            room = await unit.rooms.lock(room_id)
            await unit.log.append(numbered(room, *(a_post(alice(), key=key) for key in keys)))
            await unit.rooms.save(room)

    answers = await asyncio.gather(
        post(a_room().id, "a", "b", "c", "d"),
        post(a_room("hall").id, "d", "c", "b", "a"),
        return_exceptions=True,
    )

    assert sorted(map(type, answers), key=str) == [type(None), KeyTaken]


@pytest.mark.parametrize("nodes", [2, 8])
async def test_stores_that_open_an_empty_database_at_once_agree(nodes: int) -> None:
    async with fresh_database(migrated=False) as url:
        stores = [SqlStore(url, pool_size=1, timeout=10) for _ in range(nodes)]

        await asyncio.gather(*(store.open(f"life {n}") for n, store in enumerate(stores)))

        assert len({store.epoch for store in stores}) == 1
        await add_mallory(stores[0])
        assert await is_there(stores[-1], "mallory")
        await asyncio.gather(*(store.close() for store in stores))


async def test_whoever_has_looked_does_not_wait_until_the_connection_is_clean(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does the next one get it before that."""
    said, clean = [], asyncio.Event()
    execute = BoundedConnection.execute

    async def slow_to_roll_back(self: BoundedConnection, text: str, *arguments: object) -> str:
        if text == "ROLLBACK":
            await clean.wait()
        said.append(text)
        return str(await execute(self, text, *arguments))

    async with opened(url, pool_size=1) as store:
        monkeypatch.setattr(BoundedConnection, "execute", slow_to_roll_back)

        async with asyncio.timeout(TIMEOUT):
            assert not await is_there(store, "alice")
        next_one = asyncio.create_task(is_there(store, "alice"))
        await asyncio.wait([next_one], timeout=0.1)
        assert (said, next_one.done()) == (["BEGIN"], False)
        clean.set()

        assert not await next_one
        assert said[:3] == ["BEGIN", "ROLLBACK", "BEGIN"]


async def test_a_look_is_one_trip_and_one_question(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    for way in ("execute", "fetch"):
        monkeypatch.setattr(BoundedConnection, way, _written_down(way, said))
    session = a_session(alice())

    assert await SqlSessionStore(store.database).list_by_id([session.id]) == []
    await store.check()

    assert [text.split()[0] for text in said] == ["SELECT", "SELECT"]
    async with store.database.look() as transaction:
        await transaction.row(text("SELECT 1"))
        with pytest.raises(RuntimeError, match="for one question"):
            await transaction.row(text("SELECT 2"))
    async with store.database.look() as transaction:
        with pytest.raises(RuntimeError, match="view"):
            await transaction.write(text("DELETE FROM users"), {})


def _written_down(way: str, said: list[str]) -> Callable[..., Awaitable[object]]:
    method: Callable[..., Awaitable[object]] = getattr(BoundedConnection, way)

    async def ask(self: BoundedConnection, text: str, *arguments: object) -> object:
        said.append(text)
        return await method(self, text, *arguments)

    return ask
