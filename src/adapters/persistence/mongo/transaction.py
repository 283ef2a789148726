"""One transaction: the repositories' way to the database, and the border for its errors.

MongoDB lets nobody wait for a lock: it gives a transaction up at once when it meets another one,
when a primary steps down, or when a connection breaks, and expects all of it to be run again. A
unit is a block of somebody else's code and cannot be. So everything that was asked is written
down here with its answer. To begin again is to ask the same again; if every answer is what it was,
whoever holds the unit cannot tell the difference, and goes on. A unit that begins with a lock, as
nearly all do, has nothing before it that could have changed.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from adapters.persistence.mongo.calls import Calls
from adapters.persistence.mongo.connection import Connection
from adapters.persistence.mongo.driver import Session
from adapters.persistence.mongo.errors import (
    DATABASE_ERRORS,
    is_commit_unknown,
    is_conflict,
    is_duplicate,
    is_of_connection,
    raise_translated,
)
from adapters.persistence.mongo.to_the_end import to_the_end
from domain.errors import StoreUnavailable
from domain.ids import RoomId

T = TypeVar("T")
# Asks something of the database, with no other effect: it may be run several times.
Operation = Callable[[Calls], Awaitable[T]]

_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.05  # Seconds; a transaction takes about two milliseconds.
# After some tenths of a second it is no longer a neighbour who was faster.
_PAUSES_OF_A_CROWD = 12


class Transaction:
    """Reads and writes. After an error of the database it is spoiled: it can only be left by an
    exception."""

    def __init__(
        self, connection: Connection, session: Session, *, writable: bool, repeatable: bool = True
    ) -> None:
        self._connection = connection
        self._session = session
        self._is_unit = self._writable = writable
        self._is_repeatable = repeatable
        self._spoiled = False
        # Whether somebody else changed what the unit had looked at before it had locked it.
        self.was_overtaken = False
        self._is_lost = False
        self._asked: list[tuple[Operation[Any], Any]] = []  # Answers of all types.
        self._pauses = 0
        self._patience_ends: float | None = None
        self._locked: set[RoomId] = set()
        self._turns: dict[RoomId, asyncio.Lock] = {}
        # People and rooms that are known to exist. Neither is ever deleted.
        self.known: set[str] = set()

    @property
    def session_id(self) -> dict[str, Any]:
        """As the server names the session."""
        return dict(self._session.session_id)

    async def read(self, operation: Operation[T]) -> T:
        if self._spoiled:
            raise RuntimeError(_FAILED)
        while True:
            try:
                answer = await to_the_end(self._answer(operation))
            except DATABASE_ERRORS as error:
                await self._begin_again(error)
            else:
                if self._is_repeatable:
                    self._asked.append((operation, answer))
                return answer

    async def write(self, operation: Operation[T]) -> T:
        self.require_writable()
        return await self.read(operation)

    async def take_turn(self, room_id: RoomId) -> None:
        """Wait for the units of this process that have the room. Raises `StoreUnavailable`."""
        self.require_writable()
        if room_id not in self._turns:
            turns, timeout = self._connection.turns, self._connection.timeout
            self._turns[room_id] = await turns.take(room_id, timeout)

    def lock(self, room_id: RoomId) -> None:
        """Remember that the database has locked the room for this transaction."""
        self._locked.add(room_id)
        self.known.add(room_id)

    def require_locked(self, room_id: RoomId) -> None:
        """What was read before the lock may be old: storing it would undo somebody's change."""
        self.require_writable()
        if room_id not in self._locked:
            raise RuntimeError(f"Room {room_id} is not locked in this unit.")

    def require_writable(self) -> None:
        if not self._writable:
            raise RuntimeError("This is a view, or a unit that has ended: nothing can be written.")

    async def commit(self) -> None:
        if self._spoiled:
            raise RuntimeError(_FAILED)
        self._writable = False
        while True:
            try:
                return await to_the_end(self._connection.commit(self._session))
            except DATABASE_ERRORS as error:
                if is_commit_unknown(error) and self._has_patience():
                    continue  # To commit twice is to commit once.
                await self._begin_again(error)

    async def end(self) -> None:
        """Undoes what is not committed. Whatever happened, nothing remains of it."""
        self._writable = False
        try:
            await to_the_end(self._connection.end(self._session, lost=self._is_lost))
        finally:
            for turn in self._turns.values():
                turn.release()
            self._turns.clear()

    async def _begin_again(self, error: Exception) -> None:
        """All that was asked so far, again. Raises what the error means."""
        while self._may_begin_again(error):
            try:
                await self._pause()
                again = self._connection.begin_again(
                    self._session,
                    writable=self._is_unit,
                    is_stubborn=self._pauses > _PAUSES_OF_A_CROWD,
                )
                self._session = await to_the_end(again)
                for operation, before in self._asked:
                    if await to_the_end(self._answer(operation)) != before:
                        self._spoiled = self.was_overtaken = True
                        raise StoreUnavailable("somebody changed what this unit had looked at")
                return
            except DATABASE_ERRORS as next_error:
                error = next_error
        self._spoiled = True
        self._is_lost = is_of_connection(error)
        raise_translated(error)

    def _may_begin_again(self, error: Exception) -> bool:
        # A document that was not there when we looked may be one that came since: look again.
        # If we never looked, the second time will be as the first.
        is_first_duplicate = is_duplicate(error) and not self._pauses
        may_pass = is_conflict(error) or is_first_duplicate
        return self._is_repeatable and may_pass and self._has_patience()

    def _has_patience(self) -> bool:
        now = time.monotonic()
        if self._patience_ends is None:
            self._patience_ends = now + self._connection.timeout
        return now < self._patience_ends

    async def _pause(self) -> None:
        """A random one, so that two who met do not meet again."""
        longest = min(_FIRST_PAUSE * 2 ** min(self._pauses, 10), _LONGEST_PAUSE)
        self._pauses += 1
        await asyncio.sleep(random.uniform(longest / 2, longest))

    async def _answer(self, operation: Operation[T]) -> T:
        return await operation(self._connection.calls(self._session))


_FAILED = "The unit failed before; it must be left by the exception."
