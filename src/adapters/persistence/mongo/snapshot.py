"""A MongoDB database as it was at one moment, from one end to the other."""

from collections.abc import Awaitable, Callable

from adapters.persistence.mongo.calls import Calls
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import ROOMS
from adapters.persistence.mongo.reading import UnreadableDocument
from adapters.persistence.mongo.sections import BATCH, SECTIONS, Documents
from adapters.persistence.mongo.transaction import Transaction
from application.ports.store import StoreUnusable
from application.ports.transfer import Key, Place, Readable, Records, Section, Snapshot, place_of
from domain.room import Visibility


class MongoReadable(Readable):
    """What a transaction sees."""

    def __init__(self, name: str, transaction: Transaction) -> None:
        self._name = name
        self._transaction = transaction

    async def records(self, after: Place | None = None) -> Records:
        try:
            for section, documents in SECTIONS.items():
                if after is None or section >= after.section:
                    key = after.key if after and after.section is section else None
                    async for batch in self._section(documents, key):
                        yield batch
        except UnreadableDocument as error:
            raise StoreUnusable(f"{self._name}: {error}") from error

    async def _section(self, documents: Documents, key: Key | None) -> Records:
        while True:
            found = await self._transaction.read(_after(documents, key))
            batch = [documents.read(document) for document in found]
            if batch:
                yield batch
            if len(batch) < BATCH:
                return
            key = place_of(batch[-1]).key


class MongoSnapshot(MongoReadable, Snapshot):
    def __init__(self, name: str, transaction: Transaction, epoch: str, size: int) -> None:
        super().__init__(name, transaction)
        self._epoch = epoch
        self._size = size

    @property
    def epoch(self) -> str:
        return self._epoch

    async def totals(self) -> dict[Section, int]:
        return {
            section: await self._transaction.read(_count(documents))
            for section, documents in SECTIONS.items()
        }

    async def rooms(self) -> dict[Visibility, int]:
        found = await self._transaction.read(lambda calls: calls.aggregate(ROOMS, _BY_VISIBILITY))
        counts = {document["_id"]: int(document["rooms"]) for document in found}
        return {visibility: counts.get(visibility.value, 0) for visibility in Visibility}

    async def size(self) -> int | None:
        return self._size


_BY_VISIBILITY: list[Document] = [
    {"$match": {"in_use": True}},
    {"$group": {"_id": "$visibility", "rooms": {"$sum": 1}}},
]


def _after(documents: Documents, key: Key | None) -> Callable[[Calls], Awaitable[list[Document]]]:
    return lambda calls: documents.after(calls, key)


def _count(documents: Documents) -> Callable[[Calls], Awaitable[int]]:
    # Without a hint it would read the documents themselves.
    return lambda calls: calls.count(documents.collection, {}, hint="_id_")
