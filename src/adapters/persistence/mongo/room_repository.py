"""Rooms in MongoDB."""

from collections.abc import Collection

from adapters.persistence.mongo.calls import Calls, Query
from adapters.persistence.mongo.documents import room_document, room_of
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import MEMBERSHIPS, ROOMS
from adapters.persistence.mongo.reading import readable
from adapters.persistence.mongo.transaction import Transaction
from application.ports.room_repository import RoomRepository
from domain.errors import RoomNameTaken, RoomNotFound
from domain.ids import RoomId, UserId
from domain.room import Room, Visibility


class MongoRoomRepository(RoomRepository):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._stored: dict[RoomId, Document] = {}  # As they are, of the rooms that are locked.

    async def add(self, room: Room) -> None:
        document = room_document(room)
        if not await self._transaction.write(lambda calls: _added(calls, document)):
            raise RoomNameTaken(_title(room))
        self._transaction.lock(room.id)
        self._stored[room.id] = document

    async def save(self, room: Room) -> None:
        self._transaction.require_locked(room.id)
        document, stored = room_document(room), self._stored[room.id]
        changed = {name: value for name, value in document.items() if value != stored[name]}
        if not changed:
            return
        must_look = not _ADDRESS.isdisjoint(changed)
        if not await self._transaction.write(
            lambda calls: _saved(calls, document, changed, must_look=must_look)
        ):
            raise RoomNameTaken(_title(room))
        self._stored[room.id] = document

    async def save_heads(self, rooms: Collection[Room]) -> None:
        for room in rooms:
            self._transaction.require_locked(room.id)
        heads = [({"_id": room.id}, {"$set": {"head": room.head}}) for room in rooms]
        await self._transaction.write(lambda calls: calls.update_each(ROOMS, heads))
        for room in rooms:
            self._stored[room.id]["head"] = room.head

    async def find(self, room_id: RoomId) -> Room | None:
        return await self._find({"_id": room_id})

    async def lock(self, room_id: RoomId) -> Room:
        await self._transaction.take_turn(room_id)
        document = await self._transaction.write(
            lambda calls: calls.take(ROOMS, {"_id": room_id}, _LOCK, _WITHOUT_LOCK)
        )
        if document is None:
            raise RoomNotFound
        room = room_of(document)
        self._transaction.lock(room_id)
        self._stored[room_id] = dict(document)  # The transaction keeps what it was answered.
        return room

    async def lock_many(self, room_ids: Collection[RoomId]) -> dict[RoomId, Room]:
        ids = sorted(set(room_ids))
        for room_id in ids:  # In one order for all: nobody waits in a circle.
            await self._transaction.take_turn(room_id)

        async def lock(calls: Calls) -> list[Document]:
            these = {"_id": {"$in": ids}}
            await calls.update_all(ROOMS, these, _LOCK)
            return await calls.find(ROOMS, these, fields=_WITHOUT_LOCK, order={"_id": 1})

        documents = await self._transaction.write(lock)
        for document in documents:
            self._transaction.lock(document["_id"])
            self._stored[document["_id"]] = dict(document)
        return {document["_id"]: room_of(document) for document in documents}

    async def find_by_name(self, folded: str) -> Room | None:
        return await self._find({"folded": folded, **_IN_USE})

    async def find_direct(self, direct_key: str) -> Room | None:
        return await self._find({"direct_key": direct_key, **_IN_USE})

    async def list_visible(
        self, user_id: UserId, *, query: str, after: str, limit: int
    ) -> list[Room]:
        async def visible(calls: Calls) -> list[Document]:
            joined = await calls.find(MEMBERSHIPS, {"_id.user": user_id}, fields={"_id": 1})
            mine = [membership["_id"]["room"] for membership in joined]
            wanted = {
                **_IN_USE,
                "folded": {"$gt": after},
                "$or": [_PUBLIC, {**_PRIVATE, "_id": {"$in": mine}}],
                **_part_of_name(query),
            }
            return await calls.find(ROOMS, wanted, order={"folded": 1}, limit=limit)

        return readable(room_of, await self._transaction.read(visible))

    async def heads(self, room_ids: list[RoomId]) -> dict[RoomId, int]:
        wanted = {"_id": {"$in": list(set(room_ids))}, "archived_at": None}
        found = await self._transaction.read(
            lambda calls: calls.find(ROOMS, wanted, fields={"head": 1})
        )
        return {room["_id"]: room["head"] for room in found}

    async def _find(self, wanted: Query) -> Room | None:
        document = await self._transaction.read(
            lambda calls: calls.find_one(ROOMS, wanted, _WITHOUT_LOCK)
        )
        return room_of(document) if document else None


async def _added(calls: Calls, document: Document) -> bool:
    """Looks first: a document that is refused ends the transaction."""
    same = [{"_id": document["_id"]}, *_same_address(document)]
    if await calls.find_one(ROOMS, {"$or": same}, {"_id": 1}):
        return False
    await calls.insert(ROOMS, [document])
    return True


async def _saved(calls: Calls, document: Document, changed: Document, *, must_look: bool) -> bool:
    this = {"_id": document["_id"]}
    if must_look:
        others = {"$or": _same_address(document), "_id": {"$ne": document["_id"]}}
        if others["$or"] and await calls.find_one(ROOMS, others, {"_id": 1}):
            return False
    return await calls.update(ROOMS, this, {"$set": changed})


def _same_address(document: Document) -> list[Query]:
    """What of it must be unique, as long as it is in use."""
    if not document["in_use"]:
        return []
    fields = ("folded", "direct_key")
    return [{field: document[field], **_IN_USE} for field in fields if document[field] is not None]


def _part_of_name(query: str) -> Query:
    """By code points, without the meanings that a pattern gives to some."""
    if not query:
        return {}
    return {"$expr": {"$gte": [{"$indexOfBytes": ["$folded", {"$literal": query}]}, 0]}}


def _title(room: Room) -> str:
    return room.name.value if room.name else room.direct_key or ""


# Locked is who has changed it: whoever comes now, or has looked before, conflicts with us. What is
# set to the value that it has would not be changed, so it counts.
_LOCK = {"$inc": {"locks": 1}}
_WITHOUT_LOCK = {"locks": 0}

_ADDRESS = frozenset({"folded", "direct_key", "in_use"})
_IN_USE = {"in_use": True}
_PUBLIC = {"visibility": Visibility.PUBLIC.value}
_PRIVATE = {"visibility": Visibility.PRIVATE.value}
