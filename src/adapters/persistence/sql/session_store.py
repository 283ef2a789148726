"""Sessions in SQL, beside everything else. Each call is a transaction of its own."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import Text, and_, bindparam, delete, insert, or_, select, update

from adapters.persistence.sql.database import Database
from adapters.persistence.sql.rows import session_of, session_values
from adapters.persistence.sql.schema import Id, ended_sessions, sessions
from adapters.persistence.sql.statements import (
    as_rows,
    given,
    insert_unless_there,
    now_in_milliseconds,
)
from adapters.persistence.sql.time import milliseconds
from application.ports.session_store import REMEMBERED, SessionStore
from domain.ids import SessionId, UserId
from domain.session import Session


class SqlSessionStore(SessionStore):
    """Over the database of a `SqlStore`, which opens and closes it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, session: Session) -> None:
        async with self._database.unit() as transaction:
            await transaction.write(_ADD, session_values(session))

    async def find_many(self, digests: Collection[str]) -> dict[str, Session | None]:
        given = {"digests": as_rows((digest,) for digest in digests)}
        async with self._database.look() as transaction:
            rows = await transaction.rows(_FIND_MANY, given)
        found = {row.digest: session_of(row) for row in rows}
        return {digest: found.get(digest) for digest in digests}

    async def list_by_id(self, session_ids: Iterable[SessionId]) -> list[Session]:
        given = {"session_ids": as_rows({(session_id,) for session_id in session_ids})}
        async with self._database.look() as transaction:
            rows = await transaction.rows(_LIST_BY_ID, given)
        return [session_of(row) for row in rows]

    async def touch(self, session_id: SessionId, seen_at: datetime) -> None:
        async with self._database.unit() as transaction:
            values = {"session": session_id, "seen": milliseconds(seen_at)}
            await transaction.write(_TOUCH, values)

    async def list_of(self, user_id: UserId) -> list[Session]:
        async with self._database.look() as transaction:
            rows = await transaction.rows(_LIST, {"user": user_id})
        return [session_of(row) for row in rows]

    async def end(self, user_id: UserId, session_ids: list[SessionId]) -> list[SessionId]:
        given = {
            "user": user_id,
            "session_ids": as_rows({(session_id,) for session_id in session_ids}),
        }
        async with self._database.unit() as transaction:
            rows = await transaction.rows(_MINE, given)
            mine = {row.id for row in rows}
            if mine:
                # Two who end the same one may do so within the same millisecond.
                remember = insert_unless_there(ended_sessions, transaction.dialect)
                ended = [{"at": row.now, "id": row.id} for row in rows]
                await transaction.write_soon(remember, ended)
                await transaction.write(_END, given)
        return [session_id for session_id in dict.fromkeys(session_ids) if session_id in mine]

    async def list_ended(self) -> list[SessionId]:
        async with self._database.look() as transaction:
            rows = await transaction.rows(_LIST_ENDED)
        return [row.id for row in rows]

    async def forget_over(self, *, expired: datetime, idle: datetime) -> int:
        values = {"expired": milliseconds(expired), "idle": milliseconds(idle)}
        async with self._database.unit() as transaction:
            await transaction.write(_FORGET_ENDED, {})
            return await transaction.write(_FORGET_OVER, values)


_OF_USER = sessions.c.user_id == bindparam("user")
_GIVEN = sessions.c.id.in_(select(given("session_ids", id=Id)))

_ADD = insert(sessions)
_FIND_MANY = select(sessions).where(sessions.c.digest.in_(select(given("digests", digest=Text()))))
_LIST_BY_ID = select(sessions).where(_GIVEN)
_TOUCH = (
    update(sessions).where(sessions.c.id == bindparam("session")).values(seen_at=bindparam("seen"))
)
_LIST = select(sessions).where(_OF_USER).order_by(sessions.c.seen_at.desc(), sessions.c.id.desc())
_MINE = select(sessions.c.id, now_in_milliseconds().label("now")).where(_OF_USER, _GIVEN)
_END = delete(sessions).where(_OF_USER, _GIVEN)
_FORGET_OVER = delete(sessions).where(
    or_(
        sessions.c.expires_at <= bindparam("expired"),
        and_(sessions.c.name.is_(None), sessions.c.seen_at <= bindparam("idle")),
    )
)
_A_WHILE_AGO = now_in_milliseconds() - REMEMBERED // timedelta(milliseconds=1)
_LIST_ENDED = select(ended_sessions.c.id).where(ended_sessions.c.at >= _A_WHILE_AGO)
_FORGET_ENDED = delete(ended_sessions).where(ended_sessions.c.at < _A_WHILE_AGO)
