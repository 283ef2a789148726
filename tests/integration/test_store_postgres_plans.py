"""PostgreSQL plans by what it knows of rooms on average: where one is larger than all the others
together, looking for its first posts must go by the index all the same."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import dialect

from adapters.persistence.sql.statements import as_rows
from adapters.persistence.sql.store import SqlStore
from adapters.persistence.sql.unread import COUNT
from tests.cast import a_room, alice, bob
from tests.servers.postgres import administer, fresh_database

ROOMS = [a_room(), *(a_room(f"small{number}") for number in range(100))]
LARGE, *SMALL = (room.id for room in ROOMS)
POSTS = """
    INSERT INTO messages (room_id, seq, kind, author_id, text, at, deleted)
    SELECT '{room}', seq, 'posted', '{author}', 'hello', seq, false
    FROM generate_series(1, {posts}) AS seq
"""
MENTIONS = """
    INSERT INTO mentions (room_id, user_id, seq)
    SELECT '{room}', '{user}', seq FROM generate_series(1, {posts}) AS seq
"""


@pytest.fixture
async def store() -> AsyncIterator[SqlStore]:
    """Bob is mentioned in every message of the garden."""
    async with fresh_database() as url:
        store = SqlStore(url)
        await store.open("first life")
        async with store.unit() as unit:
            await unit.users.add(alice(), "hash")
            for room in ROOMS:
                await unit.rooms.add(room)
        await administer(
            url,
            POSTS.format(room=LARGE, author=alice().id, posts=20_000),
            MENTIONS.format(room=LARGE, user=bob().id, posts=20_000),
            *(POSTS.format(room=room_id, author=alice().id, posts=10) for room_id in SMALL),
            "VACUUM ANALYZE",
        )
        yield store
        await store.close()


@pytest.mark.parametrize("kind", ["unit", "view"])
async def test_the_first_unread_posts_are_not_sorted_out_of_all(store: SqlStore, kind: str) -> None:
    positions = as_rows((bob().id, room_id, 0) for room_id in (LARGE, *SMALL))
    count = COUNT.params(positions=positions).compile(
        dialect=dialect(), compile_kwargs={"literal_binds": True}
    )

    async with getattr(store.database, kind)() as transaction:
        rows = await transaction.rows(text(f"EXPLAIN (ANALYZE, TIMING OFF) {count}"))

    plan = [row[0].strip() for row in rows]
    assert any("Index Scan using messages_pkey on messages" in step for step in plan)
    slow = ("Sort", "Seq Scan", "Bitmap", "Hash Join", "Merge Join")
    assert [step for step in plan if step.removeprefix("->  ").startswith(slow)] == []


async def test_no_more_than_a_thousand_are_counted(store: SqlStore) -> None:
    async with store.view() as view:
        counted = await view.log.count_unread({bob().id: {LARGE: 0, SMALL[0]: 3}})

    told = [(unread.posts, unread.mentions) for unread in counted[bob().id].values()]
    assert told == [(1000, 1000), (7, 0)]
