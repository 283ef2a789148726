"""What only a store in a file has to do: opening, outliving the process, running into trouble."""
# ruff: noqa: ASYNC240  The files are small, and nothing else runs on the loop.

import asyncio
import gc
import os
import sqlite3
import stat
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.persistence.sql.rows import UnreadableRow
from adapters.persistence.sql.session_store import SqlSessionStore
from adapters.persistence.sql.store import SqlStore
from application.ports.store import StoreUnusable
from domain.errors import StoreUnavailable
from tests.cast import a_post, a_room, a_session, alice, bob, mallory, numbered
from tests.integration.garden import plant_garden


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "besedka.db"


@asynccontextmanager
async def opened(
    path: Path, epoch: str = "first life", **options: float
) -> AsyncIterator[SqlStore]:
    store = SqlStore(f"sqlite:///{path}", **options)
    try:
        await store.open(epoch)
        yield store
    finally:
        await store.close()


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqlStore]:
    """Alice and bob in the garden, where alice has said something."""
    async with opened(path, timeout=0.1) as store:
        await plant_garden(store)
        yield store


def meddle(path: Path, sql: str) -> None:
    """As somebody with a SQLite shell would."""
    with sqlite3.connect(path) as connection:
        connection.execute(sql)
    connection.close()


async def test_everything_survives_reopening(store: SqlStore, path: Path) -> None:
    session = a_session(alice())
    await SqlSessionStore(store.database).add(session)
    async with store.view() as view:
        log = await view.log.replay(a_room().id, 0, limit=9)
    await store.close()

    async with opened(path, "second life") as reopened, reopened.view() as view:
        assert reopened.epoch == "first life"
        assert await view.users.find_by_name("alice") == alice()
        assert await view.rooms.find(a_room().id) == replace(a_room(), head=1)
        assert await view.log.replay(a_room().id, 0, limit=9) == log
        found = await SqlSessionStore(reopened.database).find_many([session.digest])
        assert found == {session.digest: session}


async def test_two_stores_share_a_file(store: SqlStore, path: Path) -> None:
    async with opened(path, "second life") as other:
        async with other.unit() as unit:
            await unit.users.add(mallory(), "hash")

        assert other.epoch == store.epoch
    async with store.view() as view:
        assert await view.users.get(mallory().id) == mallory()


async def test_the_file_is_for_its_owner_alone(store: SqlStore, path: Path) -> None:
    files = list(path.parent.iterdir())

    assert {file.name for file in files} >= {"besedka.db", "besedka.db-wal"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_a_file_keeps_the_mode_its_owner_gave_it(path: Path) -> None:
    async with opened(path):
        path.chmod(0o640)

    async with opened(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o640


async def test_missing_directories_are_made(tmp_path: Path) -> None:
    async with opened(tmp_path / "a" / "b" / "100% мое #1.db") as store:
        await store.check()


async def test_a_relative_path_starts_from_the_working_directory_of_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async with opened(Path("var/besedka.db")):
        assert (tmp_path / "var" / "besedka.db").exists()


async def test_commits_reach_the_disk_and_views_never_wait(store: SqlStore) -> None:
    settings = {}
    for kind in (store.database.unit, store.database.view):
        async with kind() as transaction:
            for name in ("journal_mode", "synchronous", "foreign_keys", "query_only"):
                [[value]] = await transaction.rows(text(f"PRAGMA {name}"))
                settings.setdefault(name, []).append(value)

    assert settings == {
        "journal_mode": ["wal", "wal"],
        "synchronous": [2, 2],
        "foreign_keys": [1, 1],
        "query_only": [0, 1],
    }


async def test_deleted_and_cleared_texts_are_gone_from_the_file(
    store: SqlStore, path: Path
) -> None:
    secrets = [f"secret-{n} " * 40 for n in range(40)]
    async with store.unit() as unit:
        room = await unit.rooms.lock(a_room().id)
        posts = (a_post(alice(), secret, mentions=(bob().id,)) for secret in secrets)
        await unit.log.append(numbered(room, *posts))
        await unit.rooms.save(room)
    async with store.unit() as unit:
        await unit.log.clear(room.id, 21)
        for seq in range(22, 42):
            await unit.log.scrub(room.id, seq)
    async with store.database.view() as transaction:
        [[left]] = await transaction.rows(text("SELECT count(*) FROM mentions"))

    await store.close()

    assert left == 0
    assert [file.name for file in path.parent.iterdir()] == ["besedka.db"]
    assert b"secret-" not in path.read_bytes()


async def test_units_cancelled_again_while_they_roll_back_leave_nothing_running(
    store: SqlStore, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> None:
        async with store.unit() as unit:
            await unit.rooms.save(await unit.rooms.lock(a_room().id))

    async def look() -> None:
        async with store.view() as view:
            await view.log.replay(a_room().id, 0, limit=9)

    for moment in range(60):
        tasks = [asyncio.create_task(call()) for call in (work, look, look)]
        await asyncio.wait(tasks, timeout=moment / 20_000)
        for ticks in range(3):
            for task in tasks:
                task.cancel()
            for _ in range(ticks):
                await asyncio.sleep(0)
        await asyncio.gather(*tasks, return_exceptions=True)
    await work()
    await look()
    await store.close()

    gc.collect()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert caplog.text == ""  # asyncio reports tasks that were dropped before their end.


async def refused(path: Path) -> str:
    with pytest.raises(StoreUnusable) as unusable:
        async with opened(path):
            pass
    reason = str(unusable.value)
    assert "DATABASE_URL" in reason
    assert str(path) in reason
    return reason


async def test_a_path_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "directory").mkdir()

    assert "File exists" in await refused(tmp_path / "file" / "besedka.db")
    assert "Is a directory" in await refused(tmp_path / "directory")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_directory_that_is_read_only_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)

    assert "Permission denied" in await refused(tmp_path / "besedka.db")


async def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_text("Dear diary, " * 100)

    assert "not a database" in await refused(path)
    assert path.read_text().startswith("Dear diary")


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(path: Path) -> None:
    async with opened(path):
        pass
    meddle(path, "UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()

    assert "newer version" in await refused(path)
    assert path.read_bytes() == before


async def test_a_database_of_another_program_is_refused(path: Path) -> None:
    meddle(path, "CREATE TABLE users (name TEXT)")

    assert "another program" in await refused(path)


async def test_a_closed_store_is_unavailable(path: Path) -> None:
    async with opened(path) as store:
        pass

    for call in (store.check, lambda: store.unit().__aenter__(), lambda: store.view().__aenter__()):
        with pytest.raises(StoreUnavailable):
            await call()


async def add_mallory(store: SqlStore) -> None:
    async with store.unit() as unit:
        await unit.users.add(mallory(), "hash")


async def test_a_file_that_another_process_keeps_locked_is_unavailable(
    store: SqlStore, path: Path
) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreUnavailable) as unavailable:
        await add_mallory(store)
    await store.check()
    other.close()

    assert unavailable.value.temporary
    assert "locked" in unavailable.value.detail
    await add_mallory(store)


async def test_a_full_disk_is_unavailable_and_heals(store: SqlStore, path: Path) -> None:
    async def post(text: str) -> None:
        async with store.unit() as unit:
            room = await unit.rooms.lock(a_room().id)
            await unit.log.append(numbered(room, a_post(alice(), text)))
            await unit.rooms.save(room)

    async def allow(pages: int) -> None:
        async with store.database.unit() as transaction:
            await transaction.rows(text(f"PRAGMA max_page_count={pages}"))

    await allow(1)  # SQLite goes no lower than what is used now.
    with pytest.raises(StoreUnavailable) as unavailable:
        await post("x" * 100_000)
    async with store.view() as view:
        assert await view.rooms.heads([a_room().id]) == {a_room().id: 1}
    await allow(10**6)
    await post("x" * 100_000)

    assert "full" in unavailable.value.detail
    async with store.view() as view:
        log = await view.log.replay(a_room().id, 0, limit=9)
    assert [message.seq for message in log] == [1, 2]


async def test_a_writer_that_hangs_makes_the_others_unavailable_not_endless(
    store: SqlStore,
) -> None:
    async with store.unit() as unit:
        await unit.users.claim_site(alice().id)
        with pytest.raises(StoreUnavailable):
            await add_mallory(store)
        await store.check()


async def test_a_person_whose_name_is_not_valid_harms_nobody_else(
    store: SqlStore, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    meddle(path, "UPDATE users SET username = 'b b' WHERE folded = 'bob'")

    async with store.view() as view:
        with pytest.raises(UnreadableRow, match=f"{bob().id} of table users .*may not contain"):
            await view.users.get(bob().id)
        assert await view.users.search("", limit=9) == [alice()]
        assert [m.user for m in await view.memberships.list_members(a_room().id)] == [alice()]
        assert len(await view.log.replay(a_room().id, 0, limit=9)) == 1

    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert bob().id in caplog.text


async def test_a_message_that_cannot_be_read_is_never_left_out_silently(
    store: SqlStore, path: Path
) -> None:
    meddle(path, "UPDATE messages SET kind = 'sung'")

    async with store.view() as view:
        with pytest.raises(UnreadableRow, match=f"{a_room().id}, 1 of table messages .*sung"):
            await view.log.replay(a_room().id, 0, limit=9)


async def test_what_is_written_soon_and_fails_undoes_the_unit(store: SqlStore, path: Path) -> None:
    """It goes with the commit, which is then the one to fail."""
    meddle(path, "DROP TABLE message_words")
    garden = a_room()

    async def post() -> None:
        async with store.unit() as unit:
            room = await unit.rooms.lock(garden.id)
            await unit.log.append(numbered(room, a_post(alice(), key="more")))
            await unit.rooms.save_heads([room])

    with pytest.raises(StoreUnavailable):
        await post()

    async with store.view() as view:
        assert await view.log.replay(garden.id, 1, limit=9) == []
        assert await view.rooms.find(garden.id) == replace(garden, head=1)


async def test_what_is_to_be_written_soon_is_forgotten_with_its_unit(store: SqlStore) -> None:
    """The next one has the same connection."""
    garden = a_room()

    async def change_ones_mind() -> None:
        async with store.unit() as unit:
            room = await unit.rooms.lock(garden.id)
            await unit.log.append(numbered(room, a_post(alice(), key="more")))
            await unit.rooms.save_heads([room])
            raise InterruptedError

    with pytest.raises(InterruptedError):
        await change_ones_mind()
    async with store.unit() as unit:
        await unit.users.add(mallory(), "hash")

    async with store.view() as view:
        assert await view.users.find_by_name("mallory") == mallory()
        assert await view.rooms.find(garden.id) == replace(garden, head=1)


ENDLESS = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
)


async def count_for_ever(store: SqlStore) -> None:
    async with store.view() as view:
        await view.users.get(alice().id)
    async with store.database.view() as transaction:
        await transaction.rows(ENDLESS)


async def test_a_statement_that_takes_too_long_is_ended(store: SqlStore) -> None:
    started = time.monotonic()

    with pytest.raises(StoreUnavailable) as unavailable:
        await count_for_ever(store)

    assert time.monotonic() - started < 2
    assert unavailable.value.detail == "a statement took longer than 0.1 s"
    await store.check()


async def test_a_statement_that_nobody_waits_for_any_more_is_ended(path: Path) -> None:
    async with opened(path, timeout=60) as store:
        async with store.unit() as unit:
            await unit.users.add(alice(), "hash")
        counting = asyncio.create_task(count_for_ever(store))
        await asyncio.wait([counting], timeout=0.1)

        counting.cancel()
        await asyncio.wait([counting])

        async with asyncio.timeout(5):
            await store.close()


async def test_what_writes_may_take_its_time(store: SqlStore) -> None:
    """Else a room that is large could never be cleared."""
    counting = text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000)"
        " UPDATE rooms SET topic = (SELECT max(i) FROM n)"
    )

    started = time.monotonic()
    async with store.database.unit() as transaction:
        await transaction.write(counting, {})
    took = time.monotonic() - started

    assert took > 0.1  # Longer than a statement may that reads.
    async with store.view() as view:
        room = await view.rooms.find(a_room().id)
    assert room
    assert room.topic == "3000000"
