"""The sessions of one database, and what becomes of those that are lost."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pymongo
from pymongo.client_session_shared import TransactionOptions
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.write_concern import WriteConcern

from adapters.persistence.mongo.abandoned import Abandoned
from adapters.persistence.mongo.calls import Calls
from adapters.persistence.mongo.driver import Client, Session, begin, close, new_session
from adapters.persistence.mongo.errors import DATABASE_ERRORS
from adapters.persistence.mongo.turns import Turns
from domain.errors import StoreUnavailable

_DURABLE = WriteConcern("majority", j=True)
_TRANSACTION = TransactionOptions(ReadConcern("snapshot"), _DURABLE, ReadPreference.PRIMARY)
_TIME_TO_UNDO = 1.0  # Seconds. Who waits for it has failed already.
_MOST_LOST = 1000


class Connection:
    """What is written is durable on a majority, and what is read is so, too, whatever the URL says
    of concerns and preferences. `timeout` is in seconds."""

    def __init__(self, client: Client, database: str, *, timeout: float) -> None:
        self.client = client
        self.catalog = client.get_database(
            database,
            read_preference=ReadPreference.PRIMARY,
            write_concern=_DURABLE,
            read_concern=ReadConcern("majority"),
        )
        self.timeout = timeout
        self.turns = Turns()
        self._abandoned = Abandoned(client)
        # Sessions whose transactions may still be open at the server, with all they have locked:
        # it would wait a minute for us to go on.
        self._lost: list[Mapping[str, Any]] = []  # As the server names a session.
        self._writing: dict[int, Session] = {}  # By identity: Motor's cannot be hashed.
        self._is_closing = False

    def calls(self, session: Session | None = None) -> Calls:
        """Without a session, each call is a transaction of its own. Raises `StoreUnavailable` when
        it is being closed: what was begun now would stay open."""
        if self._is_closing:
            raise StoreUnavailable("it is closed")
        return Calls(self.catalog, session)

    async def begin(self, *, writable: bool) -> Session:
        """A session in a transaction; for looking only, one that stays at the moment of its first
        look: that costs no journey for its end."""
        session = await new_session(self.client, snapshot=not writable)
        if writable:
            await begin(session, _TRANSACTION)
            self._writing[id(session)] = session
        return session

    async def begin_again(
        self, session: Session, *, writable: bool, is_stubborn: bool = False
    ) -> Session:
        """After an error. Whatever an earlier one left open no longer stands in the way; where it
        is stubborn, nor does what others did."""
        await self.undo(session)
        await self._end_lost()
        if is_stubborn:
            await self._abandoned.end()
        if not writable:
            await session.end_session()
            return await self.begin(writable=False)
        await begin(session, _TRANSACTION)
        return session

    async def commit(self, session: Session) -> None:
        await session.commit_transaction()

    async def undo(self, session: Session) -> None:
        """Raises nothing: nobody could do anything about it."""
        if session.in_transaction:
            with pymongo.timeout(_TIME_TO_UNDO), suppress(*DATABASE_ERRORS):
                await session.abort_transaction()

    async def end(self, session: Session, *, lost: bool) -> None:
        """`lost` says that the server may not know that it has ended."""
        self._writing.pop(id(session), None)
        await self.undo(session)
        if lost:
            self._lost = [*self._lost, session.session_id][-_MOST_LOST:]
        await session.end_session()

    async def kill(self, session: Mapping[str, Any]) -> None:
        """End the transaction of a process that was killed in it. Raises what the driver raises."""
        await self.client.admin.command("killSessions", [session])

    async def close(self) -> None:
        """Units that are still under way fail. They could not say any more that they have ended,
        and what they have locked would stay so."""
        self._is_closing = True
        self._lost += [session.session_id for session in self._writing.values()]
        try:
            with pymongo.timeout(_TIME_TO_UNDO):
                await self._end_lost()
        except DATABASE_ERRORS:
            pass  # The server ends them itself after a minute.
        await close(self.client)

    async def _end_lost(self) -> None:
        lost = self._lost
        if lost:
            await self.client.admin.command("killSessions", lost)
            self._lost = [session for session in self._lost if session not in lost]
