"""The word index is made for what was said before there was one, and keeps nothing too long."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Executable, text

from adapters.persistence.sql import migrate, postgres_words, sqlite_words
from adapters.persistence.sql.message_log import SqlMessageLog
from adapters.persistence.sql.prepared import Values
from adapters.persistence.sql.store import SqlStore
from domain.message import Message
from domain.search import Wanted
from tests.cast import a_post, a_room, alice, at, bob, numbered
from tests.servers.postgres import fresh_database

TEA = Wanted(words=frozenset({"tea"}))


def downgrade(connection: Connection) -> None:
    config = Config(attributes={"connection": connection})
    here = str(Path(migrate.__file__).with_name("migrations"))
    config.set_main_option("script_location", here)
    config.set_main_option("path_separator", "os")
    command.downgrade(config, "0001")


async def test_what_was_said_before_there_was_an_index_is_found(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/besedka.db"
    store = SqlStore(url)
    await store.open("first life")
    room = a_room()
    async with store.unit() as unit:
        await unit.users.add(alice(), "hash")
        await unit.users.add(bob(), "hash")
        await unit.rooms.add(room)
        posts = (a_post(alice(), "Tea!"), a_post(bob(), "deleted tea"), a_post(bob(), "coffee"))
        await unit.log.append(numbered(room, *posts))
        await unit.log.scrub(room.id, 2)
    async with store.database.migration() as connection:
        await connection.run_sync(downgrade)
    await store.close()

    store = SqlStore(url)
    await store.open("second life")

    async with store.view() as view:
        by_bob = Wanted(author_id=bob().id)
        found = [
            [message.seq for message in await view.log.search(room.id, wanted, before=9, limit=9)]
            for wanted in (TEA, by_bob)
        ]
    await store.close()
    assert found == [[1], [3]]


async def test_deleted_and_cleared_texts_leave_the_index(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path}/besedka.db")
    await store.open("first life")
    room = a_room()
    async with store.unit() as unit:
        await unit.users.add(alice(), "hash")
        await unit.rooms.add(room)
        await unit.log.append(numbered(room, *(a_post(alice(), "tea") for _ in range(4))))
        await unit.log.scrub(room.id, 4)
        await unit.log.clear(room.id, 2)

    async with store.database.view() as transaction:
        rows = await transaction.rows(text("SELECT words FROM message_words"))
    await store.close()

    assert len(rows) == 1


@pytest.fixture(params=["sqlite", "postgres"])
async def looked_through(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[tuple[str, int]]:
    """The URL of a database, and how many of the latest posts are gone through there before the
    index is asked."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/besedka.db", sqlite_words.LOOKED_THROUGH
        return
    async with fresh_database() as url:
        yield url, postgres_words.LOOKED_THROUGH


async def test_hits_behind_the_latest_posts_are_found(looked_through: tuple[str, int]) -> None:
    url, posts = looked_through
    store = SqlStore(url)
    await store.open("first life")
    room = a_room()
    async with store.unit() as unit:
        await unit.users.add(alice(), "hash")
        await unit.rooms.add(room)
        texts = ["teapot tea", "tea", *["coffee"] * posts, "tea"]
        await unit.log.append(numbered(room, *(a_post(alice(), text) for text in texts)))

    last = len(texts)
    async with store.view() as view:
        for wanted, before, limit in product(
            (TEA, Wanted(beginnings=frozenset({"te"})), replace(TEA, since=at(2), until=at(last))),
            (2 * last, last, last - 1, 3, 2),
            (1, 2, 9),
        ):
            found = await view.log.search(room.id, wanted, before=before, limit=limit)
            seqs = [seq for seq in (last, 2, 1) if seq < before and wanted.is_timely(at(seq))]
            assert [message.seq for message in found] == seqs[:limit]
    await store.close()


async def test_beginnings_are_looked_for_in_few_posts_where_few_have_the_other_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    ask = SqlMessageLog._messages

    async def remember(log: SqlMessageLog, statement: Executable, values: Values) -> list[Message]:
        asked.append(statement)
        return await ask(log, statement, values)

    monkeypatch.setattr(SqlMessageLog, "_messages", remember)
    index, beginnings = sqlite_words.INDEX, sqlite_words.INDEX.beginnings
    assert beginnings
    texts = [
        *("rum cupboard", "rum", "rum cup milk"),
        *["tea cupboard"] * (beginnings.few + 1),
        *["coffee"] * sqlite_words.LOOKED_THROUGH,
    ]
    teas = list(range(beginnings.few + 4, 3, -1))
    rum = Wanted(words=frozenset({"rum"}), beginnings=frozenset({"cu"}))
    cases: list[tuple[Wanted, list[int], object]] = [
        (rum, [3, 1], beginnings.find_among_few),
        (replace(rum, without=frozenset({"milk"})), [1], beginnings.find_among_few),
        (replace(rum, beginnings=frozenset({"cu", "mi"})), [3], beginnings.find_among_few),
        (replace(rum, words=frozenset({"rum", "tea"})), [], beginnings.find_among_few),
        (replace(rum, words=frozenset({"tea"})), teas, index.find),
        (replace(rum, words=frozenset()), [*teas, 3, 1], index.find),
    ]
    store = SqlStore(f"sqlite:///{tmp_path}/besedka.db")
    await store.open("first life")
    room = a_room()
    async with store.unit() as unit:
        await unit.users.add(alice(), "hash")
        await unit.rooms.add(room)
        await unit.log.append(numbered(room, *(a_post(alice(), text) for text in texts)))

    everything = (len(texts) + 1, len(texts))
    async with store.view() as view:
        for wanted, seqs, way in cases:
            for before, limit in (*product((1_000, 3, 1), (1, 2)), everything):
                found = await view.log.search(room.id, wanted, before=before, limit=limit)
                expected = [seq for seq in seqs if seq < before][:limit]
                assert [message.seq for message in found] == expected
            assert asked[-1] is way
    await store.close()
