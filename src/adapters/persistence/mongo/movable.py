"""A MongoDB database as something to move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.persistence.mongo.connection import Connection
from adapters.persistence.mongo.database import Database
from adapters.persistence.mongo.driver import DriverName
from adapters.persistence.mongo.filling import MongoFilling
from adapters.persistence.mongo.indexes import SITE, VERSION
from adapters.persistence.mongo.opening import (
    THE_SITE,
    checked_connection,
    checked_site,
    refusing,
)
from adapters.persistence.mongo.snapshot import MongoSnapshot
from application.ports.store import StoreUnusable
from application.ports.transfer import Filling, Movable, Snapshot

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
        async with self._opened() as (database, connection):
            site = await checked_site(connection, self.name)
            if site is None or "copying" in site:
                raise StoreUnusable(f"{self.name} holds nothing, or only an unfinished copy.")
            if site["version"] < VERSION:
                raise StoreUnusable(
                    f"{self.name} was written by an older version of Besedka. Start this one on "
                    "it once, or copy with that version."
                )
            async with database.view(lasting=True) as transaction:
                # Read again, as the first look: this is the moment that the snapshot keeps.
                site = await transaction.read(lambda calls: calls.find_one(SITE, THE_SITE))
                if site is None or "epoch" not in site:
                    raise StoreUnusable(f"{self.name} is being emptied by somebody else.")
                yield MongoSnapshot(self.name, transaction, site["epoch"])

    @asynccontextmanager
    async def fill(self, source_epoch: str) -> AsyncIterator[Filling]:
        async with self._opened() as (database, connection):
            filling = MongoFilling(database)
            await filling.begin(source_epoch, connection)
            yield filling

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[tuple[Database, Connection]]:
        database = self._database()
        try:
            async with refusing(self.name):
                connection = await database.connect()
                await checked_connection(connection, self.name)
                yield database, connection
        finally:
            await database.close()

    def _database(self) -> Database:
        return Database(
            self._url,
            driver=self._driver,
            pool_size=4,
            timeout=self._timeout,
            longest_call=_LONGEST_CALL,
        )
