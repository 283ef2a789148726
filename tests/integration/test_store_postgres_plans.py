"""PostgreSQL plans by what it knows of rooms on average: where some are larger than all the others
together, looking for their first posts must go by the index all the same."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import dialect

from adapters.persistence.sql.statements import as_rows
from adapters.persistence.sql.store import SqlStore
from adapters.persistence.sql.unread import COUNT
from application.ports.message_log import Unread
from tests.cast import a_room, a_user, alice, bob
from tests.servers.postgres import administer, fresh_database

ROOMS = [a_room(), *(a_room(f"small{number}") for number in range(100))]
IDS = [room.id for room in ROOMS]
LARGE, SMALL = IDS[:5], IDS[5:]
OTHERS = [a_user(f"user{number}").id for number in range(100)]
POSTS = """
    INSERT INTO messages (room_id, seq, kind, author_id, text, at, deleted)
    SELECT room_id, seq, 'posted', '{author}', 'hello', seq, false
    FROM generate_series(1, {posts}) AS seq, unnest('{{{rooms}}}'::uuid[]) AS room_id
    ORDER BY seq, room_id
"""
MENTIONS = """
    INSERT INTO mentions (room_id, user_id, seq)
    SELECT room_id, user_id, seq
    FROM generate_series(1, {posts}) AS seq,
        unnest('{{{rooms}}}'::uuid[]) AS room_id,
        unnest('{{{users}}}'::uuid[]) AS user_id
"""


@pytest.fixture
async def store() -> AsyncIterator[SqlStore]:
    """What is said in one room stands between what is said in others, as it does when people talk.
    Bob is mentioned in every message of the large ones, the others in some."""
    async with fresh_database() as url:
        store = SqlStore(url)
        await store.open("first life")
        async with store.unit() as unit:
            await unit.users.add(alice(), "hash")
            for room in ROOMS:
                await unit.rooms.add(room)
        await administer(
            url,
            POSTS.format(rooms=",".join(SMALL), author=alice().id, posts=10),
            POSTS.format(rooms=",".join(LARGE), author=alice().id, posts=10_000),
            MENTIONS.format(rooms=",".join(LARGE), users=bob().id, posts=10_000),
            MENTIONS.format(rooms=",".join(LARGE), users=",".join(OTHERS), posts=10),
            "VACUUM ANALYZE",
        )
        yield store
        await store.close()


@pytest.mark.parametrize("kind", ["unit", "view"])
async def test_the_first_unread_posts_are_not_sorted_out_of_all(store: SqlStore, kind: str) -> None:
    positions = as_rows((bob().id, room_id, 0) for room_id in IDS)
    count = COUNT.params(positions=positions).compile(
        dialect=dialect(), compile_kwargs={"literal_binds": True}
    )

    async with getattr(store.database, kind)() as transaction:
        rows = await transaction.rows(text(f"EXPLAIN (ANALYZE, TIMING OFF) {count}"))

    plan = [row[0].strip() for row in rows]
    assert any("Index Scan using messages_pkey on messages" in step for step in plan)
    slow = ("Sort", "Incremental Sort", "Seq Scan", "Bitmap Heap Scan on messages", "Hash Join")
    assert [step for step in plan if step.removeprefix("->  ").startswith(slow)] == []


async def test_no_more_than_a_thousand_are_counted(store: SqlStore) -> None:
    async with store.view() as view:
        counted = await view.log.count_unread({bob().id: {LARGE[0]: 0, SMALL[0]: 3}})

    told = counted[bob().id]
    assert told == {LARGE[0]: Unread(1000, 1000), SMALL[0]: Unread(7, 0)}
