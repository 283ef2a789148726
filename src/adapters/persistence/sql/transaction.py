"""One transaction: the repositories' way to the database, and the border for its errors."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable, Row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.persistence.sql.errors import DATABASE_ERRORS, raise_translated
from domain.ids import RoomId

Values = Mapping[str, Any]  # Whatever the columns of a statement take.


class Transaction:
    """Reads and writes. After an error of the database it is spoiled: PostgreSQL would give up
    all of it, so it can only be left by an exception, on every database."""

    def __init__(self, connection: AsyncConnection, *, writable: bool) -> None:
        self._connection = connection
        self._writable = writable
        self._begun = False
        self._spoiled = False
        self._locked: set[RoomId] = set()
        self.dialect = connection.dialect.name

    async def rows(self, statement: Executable, values: Values | None = None) -> Sequence[Row[Any]]:
        result = await self._execute(statement, values)
        return result.all()

    async def row(self, statement: Executable, values: Values | None = None) -> Row[Any] | None:
        """The first row."""
        result = await self._execute(statement, values)
        return result.first()

    async def write(self, statement: Executable, values: Values | Sequence[Values]) -> int:
        """How many rows it changed; not known for a sequence of values."""
        self.require_writable()
        result = await self._execute(statement, values)
        return result.rowcount

    def lock(self, room_id: RoomId) -> None:
        """Remember that the database has locked the room for this transaction."""
        self.require_writable()
        self._locked.add(room_id)

    def require_locked(self, room_id: RoomId) -> None:
        """What was read before the lock may be old: storing it would undo somebody's change."""
        self.require_writable()
        if room_id not in self._locked:
            raise RuntimeError(f"Room {room_id} is not locked in this unit.")

    def require_writable(self) -> None:
        if not self._writable:
            raise RuntimeError("This is a view, or a unit that has ended: nothing can be written.")

    def spoil(self) -> None:
        self._spoiled = True

    async def commit(self) -> None:
        if self._spoiled:
            raise RuntimeError("The unit failed before; it must be left by the exception.")
        self._writable = False
        try:
            await self._connection.commit()
        except DATABASE_ERRORS as error:
            raise_translated(error)

    async def _execute(
        self, statement: Executable, values: Values | Sequence[Values] | None
    ) -> CursorResult[Any]:
        try:
            if self._begun:
                return await self._connection.execute(statement, values)
            return await self._begin(statement, values)
        except DATABASE_ERRORS as error:
            self._spoiled = True
            raise_translated(error)

    async def _begin(
        self, statement: Executable, values: Values | Sequence[Values] | None
    ) -> CursorResult[Any]:
        """A connection may be lost while nobody needs it, because the server was restarted. The
        first to see that has done nothing yet, so another connection may do the same."""
        self._begun = True
        try:
            return await self._connection.execute(statement, values)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        await self._connection.rollback()
        return await self._connection.execute(statement, values)
