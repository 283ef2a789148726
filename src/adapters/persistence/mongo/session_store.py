"""Sessions in MongoDB, beside everything else. Each call is atomic by itself, or may be
repeated when it failed half-way."""

from collections.abc import Collection, Iterable
from datetime import datetime

from adapters.persistence.mongo.calls import Calls
from adapters.persistence.mongo.database import Database
from adapters.persistence.mongo.documents import session_document, session_of
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import ENDED_SESSIONS, SESSIONS
from adapters.persistence.mongo.time import milliseconds
from application.ports.session_store import SessionStore
from domain.ids import SessionId, UserId
from domain.session import Session


class MongoSessionStore(SessionStore):
    """Over the database of a `MongoStore`, which opens and closes it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, session: Session) -> None:
        document = session_document(session)
        await self._database.call(lambda calls: calls.insert(SESSIONS, [document]))

    async def find_many(self, digests: Collection[str]) -> dict[str, Session | None]:
        given = {"digest": {"$in": list(digests)}}
        documents = await self._database.call(lambda calls: calls.find(SESSIONS, given))
        found = {document["digest"]: session_of(document) for document in documents}
        return {digest: found.get(digest) for digest in digests}

    async def list_by_id(self, session_ids: Iterable[SessionId]) -> list[Session]:
        given = {"_id": {"$in": list(set(session_ids))}}
        found = await self._database.call(lambda calls: calls.find(SESSIONS, given))
        return [session_of(document) for document in found]

    async def touch(self, session_id: SessionId, seen_at: datetime) -> None:
        seen = {"$set": {"seen_at": milliseconds(seen_at)}}
        await self._database.call(lambda calls: calls.update(SESSIONS, {"_id": session_id}, seen))

    async def list_of(self, user_id: UserId) -> list[Session]:
        latest = {"seen_at": -1, "_id": -1}
        found = await self._database.call(
            lambda calls: calls.find(SESSIONS, {"user_id": user_id}, order=latest)
        )
        return [session_of(document) for document in found]

    async def end(self, user_id: UserId, session_ids: list[SessionId]) -> list[SessionId]:
        given = {"_id": {"$in": list(set(session_ids))}, "user_id": user_id}

        async def ended(calls: Calls) -> set[SessionId]:
            found = await calls.find(SESSIONS, given, fields={"_id": 1})
            if found:
                # First: whoever fails half-way has closed a socket, not left one open.
                await calls.aggregate(SESSIONS, [{"$match": given}, *_REMEMBER])
                await calls.delete(SESSIONS, given)
            return {session["_id"] for session in found}

        mine = await self._database.call(ended) if session_ids else set()
        return [session_id for session_id in dict.fromkeys(session_ids) if session_id in mine]

    async def list_ended(self) -> list[SessionId]:
        # All that there are: the server forgets them in time.
        found = await self._database.call(
            lambda calls: calls.find(ENDED_SESSIONS, {}, fields={"_id": 1})
        )
        return [document["_id"] for document in found]

    async def forget_over(self, *, expired: datetime, idle: datetime) -> int:
        over = [
            {"expires_at": {"$lte": milliseconds(expired)}},
            {"name": None, "seen_at": {"$lte": milliseconds(idle)}},
        ]
        return await self._database.call(lambda calls: calls.delete(SESSIONS, {"$or": over}))


# By the clock of the server: those of the nodes may differ.
_REMEMBER: list[Document] = [{"$project": {"at": "$$NOW"}}, {"$merge": {"into": ENDED_SESSIONS}}]
