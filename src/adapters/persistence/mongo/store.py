"""The store in MongoDB."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.persistence.mongo.connection import Connection
from adapters.persistence.mongo.database import Database
from adapters.persistence.mongo.driver import Document, DriverName
from adapters.persistence.mongo.errors import DATABASE_ERRORS, is_duplicate
from adapters.persistence.mongo.indexes import SITE, VERSION, WITH_DAYS, make_indexes, tell_days
from adapters.persistence.mongo.membership_repository import MongoMembershipRepository
from adapters.persistence.mongo.message_log import MongoMessageLog
from adapters.persistence.mongo.opening import (
    THE_SITE,
    checked_connection,
    checked_site,
    refusing,
)
from adapters.persistence.mongo.room_repository import MongoRoomRepository
from adapters.persistence.mongo.star_repository import MongoStarRepository
from adapters.persistence.mongo.transaction import Transaction
from adapters.persistence.mongo.user_repository import MongoUserRepository
from application.ports.store import ANOTHER_LIFE, Store, StoreUnusable, Unit
from domain.errors import StoreUnavailable


class MongoStore(Store):
    """`url` as in DATABASE_URL; `driver` is motor or pymongo; `pool_size` calls at the same time;
    `timeout` in seconds, for each of them."""

    def __init__(
        self,
        url: str,
        *,
        driver: DriverName = "motor",
        pool_size: int = 20,
        timeout: float = 5.0,
    ) -> None:
        self.database = Database(url, driver=driver, pool_size=pool_size, timeout=timeout)
        self._epoch = ""

    @property
    def epoch(self) -> str:
        return self._epoch

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        async with self.database.unit() as transaction:
            yield _unit(transaction)

    @asynccontextmanager
    async def view(self) -> AsyncIterator[Unit]:
        async with self.database.view() as transaction:
            yield _unit(transaction)

    async def open(self, new_epoch: str) -> None:
        try:
            async with refusing(self._name):
                await self._open(new_epoch)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        await self.database.close()

    async def check(self) -> None:
        site = await self.database.call(lambda calls: calls.find_one(SITE, THE_SITE))
        if site is None or site.get("epoch") != self._epoch:
            raise StoreUnavailable(ANOTHER_LIFE)

    @property
    def _name(self) -> str:
        return f"DATABASE_URL ({self.database.name})"

    async def _open(self, new_epoch: str) -> None:
        connection = await self.database.connect()
        await checked_connection(connection, self._name)
        site = await checked_site(connection, self._name)
        if site is None:
            site = await _founded(connection, new_epoch)
        if "copying" in site:
            raise StoreUnusable(
                f"{self._name} is a copy that was not finished. Run `besedka copy` again: it goes "
                "on where it was interrupted."
            )
        if site["version"] < VERSION:
            if site["version"] < WITH_DAYS:
                await tell_days(connection.catalog)
            await make_indexes(connection.catalog)
            # A newer program that starts at the same time has the last word.
            await connection.calls().update(SITE, THE_SITE, {"$max": {"version": VERSION}})
        self._epoch = str(site["epoch"])


async def _founded(connection: Connection, new_epoch: str) -> Document:
    """The site, as the first of several nodes that start together made it."""
    calls = connection.calls()
    try:
        await calls.insert(SITE, [{**THE_SITE, "version": 0, "epoch": new_epoch}])
    except DATABASE_ERRORS as error:
        if not is_duplicate(error):
            raise
    site = await calls.find_one(SITE, THE_SITE)
    assert site is not None
    return site


def _unit(transaction: Transaction) -> Unit:
    return Unit(
        users=MongoUserRepository(transaction),
        rooms=MongoRoomRepository(transaction),
        memberships=MongoMembershipRepository(transaction),
        log=MongoMessageLog(transaction),
        stars=MongoStarRepository(transaction),
    )
