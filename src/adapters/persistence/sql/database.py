"""The engines: how many connections there are, and what each kind of transaction may do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.persistence.sql.errors import DATABASE_ERRORS, raise_translated
from adapters.persistence.sql.sqlite import READ, WRITE, connecting, create_file
from adapters.persistence.sql.transaction import Transaction
from adapters.persistence.sql.url import sql_url
from domain.errors import StoreUnavailable


class Database:
    """One database, with a way to write and a way to look. Waits at most `timeout` seconds for
    a connection or for a lock; then the store counts as unavailable."""

    def __init__(self, url: str, *, pool_size: int, timeout: float) -> None:
        self.url = sql_url(url)
        self._is_open = False
        if self.is_sqlite:
            self.writer = _sqlite_engine(self.url, WRITE, 1, timeout)
            self.reader = _sqlite_engine(self.url, READ, pool_size, timeout)
        else:
            self.writer = _postgres_engine(self.url, pool_size, timeout)
            self.reader = self.writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def name(self) -> str:
        """As an operator may read it: how it was configured, without the password."""
        url = self.url.set(drivername=self.url.get_backend_name())
        return f"DATABASE_URL ({url.render_as_string(hide_password=True)})"

    def open(self) -> None:
        """Allow connections; the first one is made by whoever needs it. Raises `StoreUnusable`."""
        self._is_open = True
        if self.is_sqlite and self.url.database:
            create_file(Path(self.url.database))

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

    async def close(self) -> None:
        """Whoever comes later finds the store unavailable."""
        self._is_open = False
        await self.writer.dispose()
        await self.reader.dispose()

    @asynccontextmanager
    async def _transaction(
        self, engine: AsyncEngine, *, writable: bool
    ) -> AsyncIterator[Transaction]:
        connection = await self._connected(engine)
        try:
            yield Transaction(connection, writable=writable)
        finally:
            # Rolls back what is not committed; a second cancellation must not keep the connection.
            await asyncio.shield(_given_back(connection))

    async def _connected(self, engine: AsyncEngine) -> AsyncConnection:
        if not self._is_open:
            raise StoreUnavailable("it is not open")
        try:
            return await engine.connect()
        except DATABASE_ERRORS as error:
            raise_translated(error)


async def _given_back(connection: AsyncConnection) -> None:
    try:
        await connection.close()
    except DATABASE_ERRORS as error:
        raise_translated(error)


def _sqlite_engine(url: URL, begin: str, pool_size: int, timeout: float) -> AsyncEngine:
    return create_async_engine(
        url,
        async_creator=connecting(str(url.database), begin=begin, timeout=timeout),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=timeout,
    )


def _postgres_engine(url: URL, pool_size: int, timeout: float) -> AsyncEngine:
    milliseconds = str(round(timeout * 1000))
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=timeout,
        pool_use_lifo=True,
        connect_args={
            "timeout": timeout,
            "server_settings": {
                "application_name": "besedka",
                "lock_timeout": milliseconds,
                "statement_timeout": milliseconds,
                "jit": "off",
            },
        },
    )
