"""A database: the connections to it, and what each kind of transaction may do."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from adapters.persistence.sql import sqlite
from adapters.persistence.sql.connections import Connections
from adapters.persistence.sql.driver import Driver
from adapters.persistence.sql.errors import said
from adapters.persistence.sql.transaction import Transaction
from adapters.persistence.sql.url import sql_url
from application.ports.store import StoreUnusable
from application.tasks import Tasks
from domain.errors import StoreUnavailable

Connect = Callable[[], Awaitable[Driver]]


class Database:
    """One database, with a way to write and a way to look, which do not wait for each other.
    Waits at most `timeout` seconds for a connection, for a lock or for an answer; then the store
    counts as unavailable. SQLite has one connection that writes; otherwise there are `pool_size`
    of each kind."""

    def __init__(self, url: str, *, pool_size: int, timeout: float) -> None:
        self.url = sql_url(url)
        self._is_open = False
        self._hung_at = 0.0  # When the server last left somebody without an answer.
        self._returns = Tasks()
        self._dialect = self.url.get_dialect()()
        ways = _ways_of_sqlite if self.is_sqlite else _ways_of_postgres
        self._write, self._read, self._migrate, errors = ways(self.url, timeout)
        self._errors: tuple[type[Exception], ...] = (*errors, OSError)
        writers = 1 if self.is_sqlite else pool_size
        self._writers = Connections(self._write, size=writers, timeout=timeout)
        self._readers = Connections(self._read, size=pool_size, timeout=timeout)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def name(self) -> str:
        """As an operator may read it: where it is, without the password and the options, which
        may hold one, too."""
        if self.is_sqlite:
            return f"DATABASE_URL (sqlite:///{self.url.database})"
        url = self.url.set(drivername=self.url.get_backend_name(), query={})
        return f"DATABASE_URL ({url.render_as_string(hide_password=True)})"

    @property
    def lent(self) -> int:
        """How many connections are in use."""
        return self._writers.lent + self._readers.lent

    def open(self, *, create: bool = True) -> None:
        """Allow connections; the first one is made by whoever needs it. A file that is not there
        is made, if wanted. Raises `StoreUnusable`."""
        self._is_open = True
        if not self.is_sqlite:
            return
        path = Path(str(self.url.database))
        if create:
            sqlite.create_file(path)
        elif not path.is_file():
            raise StoreUnusable(f"{self.name}: there is no such file.")

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Transaction]:
        """Commits at the dedent; an exception, a cancellation among them, rolls back."""
        async with self._transaction(self._writers, writable=True) as transaction:
            yield transaction
            await transaction.commit()

    @asynccontextmanager
    async def view(self) -> AsyncIterator[Transaction]:
        """One moment of the database: the one of the first look."""
        async with self._transaction(self._readers, writable=False) as transaction:
            yield transaction

    @asynccontextmanager
    async def look(self) -> AsyncIterator[Transaction]:
        """A view for a single statement: it sees one moment by itself, in a third of the trips. A
        second one raises `RuntimeError`."""
        async with self._transaction(self._readers, writable=False, asks_once=True) as transaction:
            yield transaction

    @asynccontextmanager
    async def inspection(self) -> AsyncIterator[AsyncConnection]:
        """A view for SQLAlchemy's own tools."""
        async with _for_tools(self.url, self._read) as connection:
            yield connection

    @asynccontextmanager
    async def migration(self) -> AsyncIterator[AsyncConnection]:
        """A transaction for them, which may take all the time it needs."""
        async with _for_tools(self.url, self._migrate) as connection, connection.begin():
            yield connection

    async def close(self) -> None:
        """Whoever comes later finds the store unavailable."""
        self._is_open = False
        await self._returns.finish()
        await self._writers.close()
        await self._readers.close()

    @asynccontextmanager
    async def _transaction(
        self, connections: Connections, *, writable: bool, asks_once: bool = False
    ) -> AsyncIterator[Transaction]:
        transaction = Transaction(
            await self._borrowed(connections),
            self._dialect,
            writable=writable,
            asks_once=asks_once,
            renew=connections.renew,
        )
        try:
            yield transaction
        finally:
            # Rolls back what is not committed; a second cancellation must not keep the connection.
            returning = self._returns.start(
                self._give_back(connections, transaction), name="give a connection back"
            )
            # Whoever failed to write may want to know that nothing of it, and no lock, is left.
            # Whoever has looked has what they wanted: only the next one needs a clean connection.
            if writable:
                await asyncio.shield(returning)

    async def _borrowed(self, connections: Connections) -> Driver:
        if not self._is_open:
            raise StoreUnavailable("it is not open")
        try:
            # Those that were there already when it did not answer another one are doubtful.
            return await connections.borrow(made_after=self._hung_at)
        except self._errors as error:
            raise StoreUnavailable(said(error)) from error

    async def _give_back(self, connections: Connections, transaction: Transaction) -> None:
        if transaction.is_hanging:
            self._hung_at = asyncio.get_running_loop().time()
        try:
            is_usable = await transaction.end()
        except Exception:  # noqa: BLE001  # Whatever it says, it is not to be used again.
            # The database undoes what it was about when it is gone. Whoever used it knows
            # already, or got what they wanted.
            is_usable = False
        await connections.give_back(transaction.driver, is_usable=is_usable and self._is_open)


@asynccontextmanager
async def _for_tools(url: URL, connect: Connect) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(url.set(query={}), async_creator=connect, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


_Ways = tuple[Connect, Connect, Connect, tuple[type[Exception], ...]]


def _ways_of_sqlite(url: URL, timeout: float) -> _Ways:
    """To connect for writing, for reading, for migrating; and what may be raised."""
    path = str(url.database)
    write = sqlite.connecting(path, begin=sqlite.WRITE, timeout=timeout)
    read = sqlite.connecting(path, begin=sqlite.READ, timeout=timeout)
    return write, read, write, (sqlite3.Error,)


def _ways_of_postgres(url: URL, timeout: float) -> _Ways:
    """The same. Imported late: a server on SQLite starts faster without it, and does without."""
    try:
        from adapters.persistence.sql import postgres
    except ModuleNotFoundError as error:
        raise StoreUnusable(
            f"DATABASE_URL asks for PostgreSQL, which needs {error.name}: "
            "install besedka[postgres]."
        ) from error
    return (
        postgres.connecting(url, postgres.WRITE, timeout=timeout),
        postgres.connecting(url, postgres.READ, timeout=timeout),
        postgres.connecting(url, postgres.MIGRATE, timeout=None),
        postgres.ERRORS,
    )
