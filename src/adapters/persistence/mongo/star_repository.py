"""Stars in MongoDB."""

from collections.abc import Iterable

from adapters.persistence.mongo.calls import Calls, Query
from adapters.persistence.mongo.documents import star_document, star_id, star_of
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import STARS
from adapters.persistence.mongo.reading import readable
from adapters.persistence.mongo.time import milliseconds
from adapters.persistence.mongo.transaction import Transaction
from application.ports.star_repository import StarRepository
from domain.ids import RoomId, UserId
from domain.star import Star


class MongoStarRepository(StarRepository):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, star: Star) -> None:
        document = star_document(star)
        await self._transaction.write(lambda calls: _added(calls, document))

    async def remove(self, user_id: UserId, room_id: RoomId, seq: int) -> None:
        this = {"_id": star_id(user_id, room_id, seq)}
        await self._transaction.write(lambda calls: calls.delete(STARS, this))

    async def list_of(
        self, user_id: UserId, *, before: Star | None = None, limit: int
    ) -> list[Star]:
        wanted = {"_id.user": user_id, **(_earlier(before) if before else {})}
        found = await self._transaction.read(
            lambda calls: calls.find(STARS, wanted, order=_LATEST_FIRST, limit=limit)
        )
        return readable(star_of, found)

    async def starred(
        self, user_id: UserId, places: Iterable[tuple[RoomId, int]]
    ) -> frozenset[tuple[RoomId, int]]:
        ids = [star_id(user_id, room_id, seq) for room_id, seq in sorted(set(places))]
        if not ids:
            return frozenset()
        found = await self._transaction.read(
            lambda calls: calls.find(
                STARS, {"_id": {"$in": ids}}, fields={"_id": 1}, order={"_id": 1}
            )
        )
        return frozenset((each["_id"]["room"], each["_id"]["seq"]) for each in found)


_LATEST_FIRST = {"starred_at": -1, "_id.room": -1, "_id.seq": -1}


def _earlier(star: Star) -> Query:
    """What follows in the order of the list."""
    at = milliseconds(star.starred_at)
    return {
        "starred_at": {"$lte": at},  # By this the index is entered.
        "$or": [
            {"starred_at": {"$lt": at}},
            {"_id.room": {"$lt": star.room_id}},
            {"_id.room": star.room_id, "_id.seq": {"$lt": star.seq}},
        ],
    }


async def _added(calls: Calls, document: Document) -> None:
    """Looks first: a document that is refused ends the transaction."""
    if not await calls.find_one(STARS, {"_id": document["_id"]}, {"_id": 1}):
        await calls.insert(STARS, [document])
