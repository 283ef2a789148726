"""A SQL database as something to move."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from adapters.persistence.sql.database import Database
from adapters.persistence.sql.errors import DATABASE_ERRORS, Violation, said
from adapters.persistence.sql.filling import SqlFilling
from adapters.persistence.sql.migrate import migrate, require_current
from adapters.persistence.sql.snapshot import EPOCH, SqlSnapshot
from application.moving.refusing import RefusingFilling, RefusingSnapshot
from application.ports.message_log import KeyTaken
from application.ports.store import StoreUnusable
from application.ports.transfer import Filling, Movable, Snapshot
from domain.errors import StoreUnavailable


class SqlMovable(Movable):
    """`url` as in DATABASE_URL; `timeout` in seconds, for a connection, a lock or a statement."""

    def __init__(self, url: str, *, timeout: float) -> None:
        self._url = url
        self._timeout = timeout

    @property
    def name(self) -> str:
        return self._database().name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Snapshot]:
        async with AsyncExitStack() as stack:
            async with self._refusing():
                database = await stack.enter_async_context(self._opened(create=False))
                transaction = await stack.enter_async_context(database.view())
                await require_current(database)
                site = await transaction.row(EPOCH)
            if site is None:
                raise StoreUnusable(f"{self.name} holds nothing, or only an unfinished copy.")
            snapshot = SqlSnapshot(self.name, transaction, site.epoch)
            yield RefusingSnapshot(snapshot, self._refusing)

    @asynccontextmanager
    async def fill(self, source_epoch: str) -> AsyncIterator[Filling]:
        async with AsyncExitStack() as stack:
            async with self._refusing():
                database = await stack.enter_async_context(self._opened(create=True))
                await migrate(database)
                filling = SqlFilling(database)
                await filling.begin(source_epoch)
            yield RefusingFilling(filling, self._refusing)

    @asynccontextmanager
    async def _opened(self, *, create: bool) -> AsyncIterator[Database]:
        # A database for each look: one may begin before the other has ended.
        database = self._database()
        try:
            database.open(create=create)
            yield database
        finally:
            await database.close()

    @asynccontextmanager
    async def _refusing(self) -> AsyncIterator[None]:
        try:
            yield
        except StoreUnavailable as error:
            # It may be a full disk.
            raise StoreUnusable(
                f"{self.name} does not answer as it should: {error.detail}. When that is mended, "
                "the same command goes on."
            ) from error
        except (Violation, KeyTaken) as error:
            rule = error.name if isinstance(error, Violation) else "messages_key"
            raise StoreUnusable(
                f"{self.name} cannot take what the source holds: it breaks the rule {rule}."
            ) from error
        except DATABASE_ERRORS as error:
            raise StoreUnusable(f"{self.name} cannot be used: {said(error)}.") from error

    def _database(self) -> Database:
        return Database(self._url, pool_size=2, timeout=self._timeout)
