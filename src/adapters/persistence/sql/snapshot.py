"""A SQL database as it was at one moment, from one end to the other."""

from sqlalchemy import func, select, text

from adapters.persistence.sql.rows import UnreadableRow
from adapters.persistence.sql.schema import rooms, site
from adapters.persistence.sql.sections import BATCH, SECTIONS, Rows
from adapters.persistence.sql.transaction import Transaction
from application.ports.store import StoreUnusable
from application.ports.transfer import Key, Place, Readable, Records, Section, Snapshot, place_of
from domain.room import Visibility


class SqlReadable(Readable):
    """What a transaction sees."""

    def __init__(self, name: str, transaction: Transaction) -> None:
        self._name = name
        self._transaction = transaction

    async def records(self, after: Place | None = None) -> Records:
        try:
            for section, rows in SECTIONS.items():
                if after is None or section >= after.section:
                    key = after.key if after and after.section is section else None
                    async for batch in self._section(rows, key):
                        yield batch
        except UnreadableRow as error:
            raise StoreUnusable(f"{self._name}: {error}") from error

    async def _section(self, rows: Rows, key: Key | None) -> Records:
        while True:
            statement = rows.first() if key is None else rows.after()
            found = await self._transaction.rows(statement, rows.values(key or ()))
            batch = [rows.read(row) for row in found]
            if batch:
                yield batch
            if len(batch) < BATCH:
                return
            key = place_of(batch[-1]).key


class SqlSnapshot(SqlReadable, Snapshot):
    def __init__(self, name: str, transaction: Transaction, epoch: str) -> None:
        super().__init__(name, transaction)
        self._epoch = epoch

    @property
    def epoch(self) -> str:
        return self._epoch

    async def totals(self) -> dict[Section, int]:
        totals = {}
        for section, rows in SECTIONS.items():
            row = await self._transaction.row(select(func.count()).select_from(rows.table))
            totals[section] = int(row[0]) if row else 0
        return totals

    async def rooms(self) -> dict[Visibility, int]:
        counts = {row.visibility: row.rooms for row in await self._transaction.rows(_ROOMS)}
        return {visibility: counts.get(visibility.value, 0) for visibility in Visibility}

    async def size(self) -> int | None:
        row = await self._transaction.row(_SIZES[self._transaction.dialect])
        return int(row[0]) if row else None


EPOCH = select(site.c.epoch)
_ROOMS = (
    select(rooms.c.visibility, func.count().label("rooms"))
    .where(rooms.c.archived_at.is_(None))
    .group_by(rooms.c.visibility)
)
_SIZES = {
    # Without its write-ahead log, which comes and goes.
    "sqlite": text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"),
    "postgresql": text("SELECT pg_database_size(current_database())"),
}
