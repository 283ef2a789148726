"""One database: how it is reached, and the two ways to be in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.persistence.mongo.abandoned import APP_NAME
from adapters.persistence.mongo.connection import Connection
from adapters.persistence.mongo.driver import DriverName, Session, new_client
from adapters.persistence.mongo.errors import DATABASE_ERRORS, raise_translated
from adapters.persistence.mongo.to_the_end import to_the_end
from adapters.persistence.mongo.transaction import Operation, T, Transaction
from adapters.persistence.mongo.url import address_of
from domain.errors import StoreUnavailable


class Database:
    """At most `pool_size` calls are under way at the same time. Each takes `timeout` seconds at
    most, waiting for its turn, a connection and a primary included; then the store counts as
    unavailable. With `longest_call`, only the way to the server is bound by `timeout`."""

    def __init__(
        self,
        url: str,
        *,
        driver: DriverName,
        pool_size: int,
        timeout: float,
        longest_call: float | None = None,
    ) -> None:
        self._address = address_of(url)
        self._driver: DriverName = driver
        self._pool_size = pool_size
        self._timeout = timeout
        self._longest_call = longest_call or timeout
        self._connection: Connection | None = None

    @property
    def name(self) -> str:
        """As an operator may read it, without the password."""
        return self._address.masked

    async def connect(self) -> Connection:
        """The connection, made when it is first asked for. Raises what the driver raises."""
        if self._connection is None:
            milliseconds = round(self._timeout * 1000)
            client = await new_client(
                self._driver,
                self._address.url,
                appname=APP_NAME,
                maxPoolSize=self._pool_size,
                timeoutMS=round(self._longest_call * 1000),
                serverSelectionTimeoutMS=milliseconds,
                connectTimeoutMS=milliseconds,
                waitQueueTimeoutMS=milliseconds,
                # Else a second connection watches each server, and PyMongo leaves its socket open
                # when it is closed while that one is being made.
                serverMonitoringMode="poll",
            )
            self._connection = Connection(
                client, self._address.database, timeout=self._longest_call
            )
        return self._connection

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Transaction]:
        """Commits at the dedent; an exception, a cancellation among them, undoes all."""
        async with self._transaction(writable=True) as transaction:
            yield transaction
            await transaction.commit()

    @asynccontextmanager
    async def view(self, *, lasting: bool = False) -> AsyncIterator[Transaction]:
        """One moment of the database: the one of the first look. A `lasting` one forgets its
        answers, and cannot begin again."""
        async with self._transaction(writable=False, repeatable=not lasting) as transaction:
            yield transaction

    async def call(self, operation: Operation[T]) -> T:
        """One call that needs nobody else's consistency. Drivers repeat it where that is safe."""
        try:
            return await to_the_end(_called(self._open_connection(), operation))
        except DATABASE_ERRORS as error:
            raise_translated(error)

    async def close(self) -> None:
        """Whoever comes later finds the store unavailable."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await to_the_end(connection.close())

    @asynccontextmanager
    async def _transaction(
        self, *, writable: bool, repeatable: bool = True
    ) -> AsyncIterator[Transaction]:
        connection = self._open_connection()
        session = await _begun(connection, writable=writable)
        transaction = Transaction(connection, session, writable=writable, repeatable=repeatable)
        try:
            yield transaction
        finally:
            await transaction.end()

    def _open_connection(self) -> Connection:
        if self._connection is None:
            raise StoreUnavailable("it is not open")
        return self._connection


async def _begun(connection: Connection, *, writable: bool) -> Session:
    """Asks nobody: there is nothing to undo yet when it is cancelled."""
    try:
        return await connection.begin(writable=writable)
    except DATABASE_ERRORS as error:
        raise_translated(error)


async def _called(connection: Connection, operation: Operation[T]) -> T:
    return await operation(connection.calls())
