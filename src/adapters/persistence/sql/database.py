"""The engines: how many connections there are, and what each kind of transaction may do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.persistence.sql.driver import Driver
from adapters.persistence.sql.errors import DATABASE_ERRORS, raise_translated
from adapters.persistence.sql.sqlite import READ, WRITE, connecting, create_file
from adapters.persistence.sql.transaction import Transaction, driver_of
from adapters.persistence.sql.url import sql_url
from application.ports.store import StoreUnusable
from application.tasks import Tasks
from domain.errors import StoreUnavailable

GRACE = 0.5  # Seconds; whoever waits for less time says better what they waited for.


class Database:
    """One database, with a way to write and a way to look, which do not wait for each other.
    Waits at most `timeout` seconds for a connection, for a lock or for an answer; then the store
    counts as unavailable. SQLite has one connection that writes; otherwise there are `pool_size`
    of each kind."""

    def __init__(self, url: str, *, pool_size: int, timeout: float) -> None:
        self.url = sql_url(url)
        # Whoever has waited for their turn may still have to be connected, over a network.
        self._longest_wait = None if self.is_sqlite else timeout + GRACE
        self._is_open = False
        self._hung_at = 0.0  # When the server last left somebody without an answer.
        self._returns = Tasks()
        if self.is_sqlite:
            self.writer = _sqlite_engine(self.url, WRITE, 1, timeout)
            self.reader = _sqlite_engine(self.url, READ, pool_size, timeout)
        else:
            self.writer, self.reader = _postgres_engines(self.url, pool_size, timeout)

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

    def open(self, *, create: bool = True) -> None:
        """Allow connections; the first one is made by whoever needs it. A file that is not there
        is made, if wanted. Raises `StoreUnusable`."""
        self._is_open = True
        if not self.is_sqlite:
            return
        path = Path(str(self.url.database))
        if create:
            create_file(path)
        elif not path.is_file():
            raise StoreUnusable(f"{self.name}: there is no such file.")

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Transaction]:
        """Commits at the dedent; an exception, a cancellation among them, rolls back."""
        async with self._transaction(self.writer, writable=True) as transaction:
            yield transaction
            await transaction.commit()

    @asynccontextmanager
    async def view(self) -> AsyncIterator[Transaction]:
        """One moment of the database: the one of the first look."""
        async with self._transaction(self.reader, writable=False) as transaction:
            yield transaction

    @asynccontextmanager
    async def migration(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may take all the time it needs."""
        if self.is_sqlite:
            async with self.writer.begin() as connection:
                yield connection
            return
        migrator = _postgres_migrator(self.url)
        try:
            async with migrator.begin() as connection:
                yield connection
        finally:
            await migrator.dispose()

    async def close(self) -> None:
        """Whoever comes later finds the store unavailable."""
        self._is_open = False
        await self._returns.finish()
        await self.writer.dispose()
        await self.reader.dispose()

    @asynccontextmanager
    async def _transaction(
        self, engine: AsyncEngine, *, writable: bool
    ) -> AsyncIterator[Transaction]:
        connection, driver = await self._connected(engine)
        transaction = Transaction(connection, driver, writable=writable)
        try:
            yield transaction
        finally:
            # Rolls back what is not committed; a second cancellation must not keep the connection.
            returning = self._give_back(connection, transaction)
            await asyncio.shield(self._returns.start(returning, name="give a connection back"))

    async def _connected(self, engine: AsyncEngine) -> tuple[AsyncConnection, Driver]:
        if not self._is_open:
            raise StoreUnavailable("it is not open")
        try:
            async with asyncio.timeout(self._longest_wait):
                connection = await engine.connect()
                try:
                    if await self._is_doubtful(connection):
                        await connection.invalidate()
                    return connection, await driver_of(connection)
                except BaseException:
                    await connection.close()
                    raise
        except DATABASE_ERRORS as error:
            raise_translated(error)

    async def _is_doubtful(self, connection: AsyncConnection) -> bool:
        """Whether it was there already when the server did not answer another one."""
        now = asyncio.get_running_loop().time()
        known = (await connection.get_raw_connection()).info
        return bool(known.setdefault("connected_at", now) <= self._hung_at)

    async def _give_back(self, connection: AsyncConnection, transaction: Transaction) -> None:
        if transaction.is_hanging:
            self._hung_at = asyncio.get_running_loop().time()
        try:
            is_usable = await transaction.end()
        except Exception:  # noqa: BLE001  # Whatever it says, it is not to be used again.
            # The database undoes what it was about when it is gone. Whoever used it knows
            # already, or got what they wanted.
            is_usable = False
        if not is_usable or not self._is_open:  # Its pool is gone, and would keep it.
            await connection.invalidate()
        await connection.close()


def _sqlite_engine(url: URL, begin: str, pool_size: int, timeout: float) -> AsyncEngine:
    return create_async_engine(
        url,
        async_creator=connecting(str(url.database), begin=begin, timeout=timeout),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=timeout,
    )


# A server on SQLite starts faster without what PostgreSQL needs, and does without it.


def _postgres_engines(url: URL, pool_size: int, timeout: float) -> tuple[AsyncEngine, AsyncEngine]:
    try:
        from adapters.persistence.sql import postgres
    except ModuleNotFoundError as error:
        raise StoreUnusable(
            f"DATABASE_URL asks for PostgreSQL, which needs {error.name}: "
            "install besedka[postgres]."
        ) from error
    return (
        postgres.postgres_engine(url, postgres.WRITE, pool_size=pool_size, timeout=timeout),
        postgres.postgres_engine(url, postgres.READ, pool_size=pool_size, timeout=timeout),
    )


def _postgres_migrator(url: URL) -> AsyncEngine:
    from adapters.persistence.sql import postgres

    return postgres.postgres_engine(url, postgres.MIGRATE, pool_size=1, timeout=None)
