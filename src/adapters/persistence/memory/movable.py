"""A store in memory as something to move. Nobody else has it meanwhile."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import chain

from adapters.persistence.memory.session_store import MemorySessionStore
from adapters.persistence.memory.store import MemoryStore
from application.ports.message_log import KeyTaken
from application.ports.store import StoreUnusable, Unit
from application.ports.transfer import (
    Account,
    Filling,
    Movable,
    Place,
    Readable,
    Record,
    Records,
    Section,
    Snapshot,
    place_of,
)
from domain.errors import DomainError
from domain.membership import Membership
from domain.message import Message
from domain.room import Room, Visibility
from domain.session import Session
from domain.star import Star
from domain.user import SiteRole


class MemoryMovable(Movable):
    """An unfinished copy lives as long as this object. `batch` is how many records are read at
    once."""

    name = "memory"

    def __init__(
        self, store: MemoryStore, sessions: MemorySessionStore, *, batch: int = 1000
    ) -> None:
        self.store = store
        self.sessions = sessions
        self._batch = batch
        self._unfinished: tuple[str, _Filling] | None = None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Snapshot]:
        if not self.store.epoch:
            raise StoreUnusable("memory holds nothing, or only an unfinished copy.")
        yield _Snapshot(self.store.epoch, self._records(), self._batch)

    @asynccontextmanager
    async def fill(self, source_epoch: str) -> AsyncIterator[Filling]:
        if self._unfinished is None:
            if self._records():
                raise StoreUnusable("memory is not empty: copy into a new database.")
            self._unfinished = source_epoch, _Filling(self)
        epoch, filling = self._unfinished
        if epoch != source_epoch:
            raise StoreUnusable("memory holds an unfinished copy of another store.")
        yield filling

    async def write(self, records: Sequence[Record]) -> None:
        sessions = [record for record in records if isinstance(record, Session)]
        try:
            async with self.store.unit() as unit:
                for record in records:
                    if not isinstance(record, Session):
                        await _write(unit, record)
        except (DomainError, KeyTaken, RuntimeError) as error:
            raise StoreUnusable(f"memory cannot take what the source holds: {error}") from error
        for session in sessions:  # They are no part of the unit, and nothing can fail any more.
            await self.sessions.add(session)

    async def finish(self, epoch: str) -> None:
        await self.store.open(epoch)
        self._unfinished = None

    def readable(self) -> Readable:
        return _Readable(self._records(), self._batch)

    def _records(self) -> list[Record]:
        tables = self.store.tables
        accounts = (
            Account(user, tables.password_hashes[user.id]) for user in tables.users.values()
        )
        memberships = (members.values() for members in tables.members.values())
        messages = (log.values() for log in tables.logs.values())
        stars = (mine.values() for mine in tables.stars.values())
        found: chain[Record] = chain(
            accounts,
            tables.rooms.values(),
            *memberships,
            *messages,
            self.sessions.sessions,
            *stars,
        )
        return sorted(found, key=place_of)


class _Readable(Readable):
    def __init__(self, records: list[Record], batch: int) -> None:
        self._records = records
        self._batch = batch

    async def records(self, after: Place | None = None) -> Records:
        later = [record for record in self._records if after is None or place_of(record) > after]
        for start in range(0, len(later), self._batch):
            yield later[start : start + self._batch]


class _Snapshot(_Readable, Snapshot):
    def __init__(self, epoch: str, records: list[Record], batch: int) -> None:
        super().__init__(records, batch)
        self._epoch = epoch

    @property
    def epoch(self) -> str:
        return self._epoch

    async def totals(self) -> dict[Section, int]:
        counts = Counter(place_of(record).section for record in self._records)
        return {section: counts[section] for section in Section}

    async def rooms(self) -> dict[Visibility, int]:
        rooms = [record for record in self._records if isinstance(record, Room)]
        counts = Counter(room.visibility for room in rooms if not room.is_archived)
        return {visibility: counts[visibility] for visibility in Visibility}

    async def size(self) -> int | None:
        return None


class _Filling(Filling):
    def __init__(self, movable: MemoryMovable) -> None:
        self._movable = movable
        self._place: Place | None = None

    @property
    def place(self) -> Place | None:
        return self._place

    async def write(self, records: Sequence[Record]) -> None:
        await self._movable.write(records)
        self._place = place_of(records[-1])

    def records(self, after: Place | None = None) -> Records:
        return self._movable.readable().records(after)

    async def finish(self, epoch: str) -> None:
        await self._movable.finish(epoch)


async def _write(unit: Unit, record: Account | Room | Membership | Message | Star) -> None:
    match record:
        case Account():
            await unit.users.add(record.user, record.password_hash)
            if record.user.site_role is SiteRole.OWNER:
                await unit.users.claim_site(record.user.id)
        case Room():
            await unit.rooms.add(record)
        case Membership():
            await unit.memberships.add(record)
        case Message():
            await unit.rooms.lock(record.room_id)
            await unit.log.append([record])
        case Star():
            await unit.stars.add(record)
