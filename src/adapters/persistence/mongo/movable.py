"""A MongoDB database as something to move."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from pymongo.errors import OperationFailure

from adapters.persistence.mongo.connection import Connection
from adapters.persistence.mongo.database import Database
from adapters.persistence.mongo.driver import DriverName
from adapters.persistence.mongo.errors import Duplicate
from adapters.persistence.mongo.filling import MongoFilling
from adapters.persistence.mongo.indexes import SITE, VERSION
from adapters.persistence.mongo.opening import (
    THE_SITE,
    checked_connection,
    checked_site,
    refusing,
)
from adapters.persistence.mongo.references import Dangling
from adapters.persistence.mongo.snapshot import MongoSnapshot
from application.moving.refusing import RefusingFilling, RefusingSnapshot
from application.ports.store import StoreUnusable
from application.ports.transfer import Filling, Movable, Snapshot

_TRANSACTION_TOO_LARGE_FOR_CACHE = 388
_LONGEST_CALL = 60.0  # Seconds. Thousands of long texts at once take longer than a post.


class MongoMovable(Movable):
    """`url` as in DATABASE_URL; `driver` is motor or pymongo; `timeout` in seconds, to reach the
    server."""

    def __init__(self, url: str, *, driver: DriverName = "motor", timeout: float = 5.0) -> None:
        self._url = url
        self._driver: DriverName = driver
        self._timeout = timeout

    @property
    def name(self) -> str:
        return self._database().name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Snapshot]:
        async with AsyncExitStack() as stack:
            async with self._refusing():
                database, connection = await stack.enter_async_context(self._opened())
                site = await checked_site(connection, self.name)
                if site is None or "copying" in site:
                    raise StoreUnusable(f"{self.name} holds nothing, or only an unfinished copy.")
                if site["version"] < VERSION:
                    raise StoreUnusable(
                        f"{self.name} was written by an older version of Besedka. Start this one "
                        "on it once, or copy with that version."
                    )
                # No transaction may ask for it.
                stats = await connection.catalog.command("dbStats")
                transaction = await stack.enter_async_context(database.view(lasting=True))
                # Read again, as the first look: this is the moment that the snapshot keeps.
                site = await transaction.read(lambda calls: calls.find_one(SITE, THE_SITE))
                if site is None or "epoch" not in site:
                    raise StoreUnusable(f"{self.name} is being emptied by somebody else.")
            size = int(stats["storageSize"] + stats["indexSize"])
            snapshot = MongoSnapshot(self.name, transaction, site["epoch"], size)
            yield RefusingSnapshot(snapshot, self._refusing)

    @asynccontextmanager
    async def fill(self, source_epoch: str) -> AsyncIterator[Filling]:
        async with AsyncExitStack() as stack:
            async with self._refusing():
                database, connection = await stack.enter_async_context(self._opened())
                filling = MongoFilling(database)
                await filling.begin(source_epoch, connection)
            yield RefusingFilling(filling, self._refusing)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[tuple[Database, Connection]]:
        database = self._database()
        try:
            connection = await database.connect()
            await checked_connection(connection, self.name)
            yield database, connection
        finally:
            await database.close()

    @asynccontextmanager
    async def _refusing(self) -> AsyncIterator[None]:
        try:
            async with refusing(self.name):
                yield
        except Duplicate as error:
            raise StoreUnusable(
                f"{self.name} cannot take what the source holds: two have the same {error.index}."
            ) from error
        except Dangling as error:
            raise StoreUnusable(
                f"{self.name} cannot take what the source holds: {error}."
            ) from error
        except StoreUnusable as error:
            if not _is_too_large(error):
                raise
            raise StoreUnusable(
                f"{self.name} has a cache that is too small for what is written at once: raise "
                "--wiredTigerCacheSizeGB of the server, and copy again; it goes on where it was."
            ) from error

    def _database(self) -> Database:
        return Database(
            self._url,
            driver=self._driver,
            pool_size=4,
            timeout=self._timeout,
            longest_call=_LONGEST_CALL,
        )


def _is_too_large(error: BaseException | None) -> bool:
    """Whether that is why. Some servers say that it may pass, and it was tried again and again."""
    while error is not None and not isinstance(error, OperationFailure):
        error = error.__cause__
    if error is None:
        return False
    # One that inserts many says it of the document at which it gave up.
    refused = (error.details or {}).get("writeErrors", ())
    codes = [error.code, *(each.get("code") for each in refused)]
    return _TRANSACTION_TOO_LARGE_FOR_CACHE in codes
