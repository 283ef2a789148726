"""The store in a SQL database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import select

from adapters.persistence.sql.database import Database
from adapters.persistence.sql.errors import DATABASE_ERRORS
from adapters.persistence.sql.membership_repository import SqlMembershipRepository
from adapters.persistence.sql.message_log import SqlMessageLog
from adapters.persistence.sql.migrate import migrate
from adapters.persistence.sql.refusals import what_to_do
from adapters.persistence.sql.room_repository import SqlRoomRepository
from adapters.persistence.sql.schema import site, unfinished_copy
from adapters.persistence.sql.star_repository import SqlStarRepository
from adapters.persistence.sql.statements import insert_unless_there
from adapters.persistence.sql.transaction import Transaction
from adapters.persistence.sql.user_repository import SqlUserRepository
from application.ports.store import ANOTHER_LIFE, Store, StoreUnusable, Unit
from domain.errors import StoreUnavailable


class SqlStore(Store):
    """`url` as in DATABASE_URL; `pool_size` connections that look at the same time; `timeout` in
    seconds, for a connection or a lock."""

    def __init__(self, url: str, *, pool_size: int = 5, timeout: float = 5.0) -> None:
        self.database = Database(url, pool_size=pool_size, timeout=timeout)
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
            await self._open(new_epoch)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        await self.database.close()

    async def check(self) -> None:
        async with self.database.look() as transaction:
            site = await transaction.row(_SITE)
        if site is None or site.epoch != self._epoch:
            raise StoreUnavailable(ANOTHER_LIFE)

    async def _open(self, new_epoch: str) -> None:
        self.database.open()
        try:
            await migrate(self.database)
            self._epoch = await self._life(new_epoch)
        except StoreUnavailable as error:
            raise self._unusable(error.__cause__ or error) from error
        except DATABASE_ERRORS as error:
            raise self._unusable(error) from error

    async def _life(self, new_epoch: str) -> str:
        async with self.database.look() as transaction:
            row = await transaction.row(_SITE)
        if row is not None:
            return str(row.epoch)
        async with self.database.unit() as transaction:
            if await transaction.row(_UNFINISHED_COPY):
                raise StoreUnusable(
                    f"{self.database.name} holds an unfinished copy of another store: "
                    "run the same besedka copy or restore again, and it goes on."
                )
            insert = insert_unless_there(site, transaction.dialect)
            await transaction.write(insert, {"id": 1, "epoch": new_epoch})
            row = await transaction.row(_SITE)
        return str(row.epoch) if row else new_epoch

    def _unusable(self, error: BaseException) -> StoreUnusable:
        remedy = what_to_do(error, self.database.url)
        return StoreUnusable(f"{self.database.name} cannot be opened: {remedy}")


_SITE = select(site.c.epoch)
_UNFINISHED_COPY = select(unfinished_copy.c.id)


def _unit(transaction: Transaction) -> Unit:
    return Unit(
        users=SqlUserRepository(transaction),
        rooms=SqlRoomRepository(transaction),
        memberships=SqlMembershipRepository(transaction),
        log=SqlMessageLog(transaction),
        stars=SqlStarRepository(transaction),
    )
