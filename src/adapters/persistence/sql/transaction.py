"""One transaction: the repositories' way to the database, and the border for its errors."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from sqlalchemy import Dialect, Executable, Table

from adapters.persistence.sql.driver import Arguments, Driver
from adapters.persistence.sql.errors import DATABASE_ERRORS, raise_translated
from adapters.persistence.sql.prepared import AnyRow, Values, prepared
from domain.ids import RoomId

T = TypeVar("T")


class Transaction:
    """Reads and writes by a driver; `renew` gives another for one that is lost. After an error of
    the database it is spoiled: PostgreSQL would give up all of it, so it can only be left by an
    exception, on every database. One that `asks_once` is a single statement, without a BEGIN."""

    def __init__(
        self,
        driver: Driver,
        dialect: Dialect,
        *,
        writable: bool,
        asks_once: bool,
        renew: Callable[[Driver], Awaitable[Driver]],
    ) -> None:
        self.driver = driver
        self._dialect = dialect
        self._renew = renew
        self._writable = writable
        self._asks_once = asks_once
        self._begun = False
        self._spoiled = False
        self._is_interrupted = False
        self.is_hanging = False
        self._locked: set[RoomId] = set()
        self.dialect = dialect.name

    async def rows(self, statement: Executable, values: Values | None = None) -> list[AnyRow]:
        given = values or {}
        ready = prepared(statement, self._dialect, given)
        arguments = ready.arguments(given)
        found = await self._ask(lambda driver: driver.rows(ready.text, arguments))
        return [ready.row(record) for record in found]

    async def row(self, statement: Executable, values: Values | None = None) -> AnyRow | None:
        """The first row."""
        found = await self.rows(statement, values)
        return found[0] if found else None

    async def write(self, statement: Executable, values: Values) -> int:
        """How many rows it changed."""
        self.require_writable()
        ready = prepared(statement, self._dialect, values)
        arguments = ready.arguments(values)
        return await self._ask(lambda driver: driver.change(ready.text, arguments))

    async def write_each(self, statement: Executable, many: Sequence[Values]) -> None:
        """The statement with each of the values, which all have the same names."""
        self.require_writable()
        if many:
            text, arguments = self._prepared(statement, many)
            await self._ask(lambda driver: driver.change_by_each(text, arguments))

    async def write_soon(self, statement: Executable, many: Sequence[Values]) -> None:
        """The same where nobody has to know at once that it can be done: it goes with what
        follows, the commit at the latest, which then raises what is wrong with it. What is to be
        written soon may be written in any order."""
        self.require_writable()
        if many:
            text, arguments = self._prepared(statement, many)
            await self._ask(lambda driver: driver.change_soon(text, arguments))

    async def insert_all(self, table: Table, rows: Sequence[Arguments]) -> None:
        """Many rows, whose values stand in the order of the table's columns."""
        self.require_writable()
        names = table.c.keys()
        await self._ask(lambda driver: driver.insert_all(table.name, names, rows))

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
        if self._begun:
            await self._ask(lambda driver: driver.commit())

    async def end(self) -> bool:
        """Undo what is not committed. False if its connection must not be used again: nobody
        knows what it is about."""
        self._writable = False
        if self._is_interrupted or self.is_hanging or self.driver.is_lost:
            return False
        if self.driver.has_begun:
            await self.driver.rollback()
        return True

    def _prepared(
        self, statement: Executable, many: Sequence[Values]
    ) -> tuple[str, list[Arguments]]:
        ready = prepared(statement, self._dialect, many[0])
        return ready.text, [ready.arguments(values) for values in many]

    async def _ask(self, question: Callable[[Driver], Awaitable[T]]) -> T:
        if self._asks_once and self._begun:
            raise RuntimeError("This is a look, for one question: two would see two moments.")
        try:
            if self._begun:
                return await question(self.driver)
            return await self._begin(question)
        except asyncio.CancelledError:
            self._is_interrupted = True
            raise
        except Exception as error:
            if not isinstance(error, (*self.driver.errors, *DATABASE_ERRORS)):
                raise
            self._spoiled = True
            self.is_hanging = isinstance(error, TimeoutError)
            raise_translated(error, lost=self.driver.is_lost)

    async def _begin(self, question: Callable[[Driver], Awaitable[T]]) -> T:
        """A connection may be lost while nobody needs it, because the server was restarted. The
        first to see that has done nothing yet, so another connection may do the same."""
        self._begun = True
        try:
            return await self._first(question)
        except self.driver.errors as error:
            if not self.driver.is_lost or isinstance(error, TimeoutError):
                raise
        self.driver = await self._renew(self.driver)
        return await self._first(question)

    async def _first(self, question: Callable[[Driver], Awaitable[T]]) -> T:
        if not self._asks_once:
            await self.driver.begin()
        return await question(self.driver)
