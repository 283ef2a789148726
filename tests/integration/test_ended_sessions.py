"""For how long each store remembers that a session was ended: as long as it promises, and then no
longer than it must."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from adapters.persistence.memory.session_store import MemorySessionStore
from adapters.persistence.mongo.session_store import MongoSessionStore
from adapters.persistence.mongo.store import MongoStore
from adapters.persistence.mongo.url import address_of
from adapters.persistence.redis.session_store import RedisSessionStore
from adapters.persistence.sql.schema import ended_sessions
from adapters.persistence.sql.session_store import SqlSessionStore
from adapters.persistence.sql.store import SqlStore
from adapters.redis.link import RedisLink
from application.ports.session_store import REMEMBERED, SessionStore
from domain.session import Session
from tests.cast import a_session, alice, at
from tests.databases import a_database
from tests.servers import valkey
from tests.servers.mongo import emptied_database, shared_client

A_WHILE = REMEMBERED + timedelta(seconds=2)
OLD, NEW = a_session(alice(), "old"), a_session(alice(), "new")


async def ended(sessions: SessionStore, session: Session) -> None:
    await sessions.add(session)
    await sessions.end(session.user_id, [session.id])


async def test_in_memory() -> None:
    now = 0.0
    sessions = MemorySessionStore(lambda: now)
    await ended(sessions, OLD)

    now = A_WHILE.total_seconds()
    await ended(sessions, NEW)

    assert await sessions.list_ended() == [NEW.id]


@pytest.fixture(params=["sqlite", "postgres"])
async def sql(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlStore]:
    async with a_database(request.param, tmp_path) as url:
        store = SqlStore(url)
        await store.open("life")
        yield store
        await store.close()


async def test_in_sql_it_is_forgotten_with_what_is_over(sql: SqlStore) -> None:
    sessions = SqlSessionStore(sql.database)
    await ended(sessions, OLD)
    earlier = ended_sessions.c.at - A_WHILE // timedelta(milliseconds=1)
    async with sql.database.unit() as transaction:
        await transaction.write(update(ended_sessions).values(at=earlier), {})
    await ended(sessions, NEW)

    assert await sessions.list_ended() == [NEW.id]

    await sessions.forget_over(expired=at(0), idle=at(0))
    async with sql.database.look() as transaction:
        kept = await transaction.rows(select(ended_sessions.c.id))
    assert [row.id for row in kept] == [NEW.id]


async def test_mongodb_forgets_it_by_itself() -> None:
    url = emptied_database()
    store = MongoStore(url, driver="pymongo")
    await store.open("life")
    await ended(MongoSessionStore(store.database), NEW)
    await store.close()

    collection = shared_client()[address_of(url).database]["ended_sessions"]
    (document,) = collection.find()
    assert isinstance(document["at"], datetime), "what is no date is kept for ever"
    index = collection.index_information()["ended_sessions_at"]
    assert index["expireAfterSeconds"] == REMEMBERED.total_seconds()


async def test_in_redis_it_goes_with_the_next_one_or_by_itself() -> None:
    link = RedisLink(valkey.shared_server_url(), prefix=valkey.fresh_prefix(), timeout=5)
    await link.open()
    sessions, key = RedisSessionStore(link, MemorySessionStore()), link.key("sessions-ended")
    await ended(sessions, OLD)
    seconds = int(A_WHILE.total_seconds())
    await link.ask("ZINCRBY", key, str(-seconds), OLD.id)

    await ended(sessions, NEW)

    assert await sessions.list_ended() == [NEW.id]
    assert REMEMBERED.seconds * 900 < await link.ask("PTTL", key) <= seconds * 1000
    await link.close()
