"""Memberships in MongoDB."""

from collections.abc import Collection, Iterable, Sequence

from bson import MaxKey, MinKey

from adapters.persistence.mongo.calls import Calls, Query
from adapters.persistence.mongo.documents import (
    LAST_SEQ,
    membership_document,
    membership_id,
    membership_of,
    room_of,
    user_of,
)
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import MEMBERSHIPS, ROOMS, USERS
from adapters.persistence.mongo.reading import readable
from adapters.persistence.mongo.transaction import Transaction
from application.ports.membership_repository import Member, MembershipRepository
from domain.errors import AlreadyAMember
from domain.ids import RoomId, UserId
from domain.membership import Membership
from domain.room import Room


class MongoMembershipRepository(MembershipRepository):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, membership: Membership) -> None:
        self._transaction.require_writable()
        user = await self._required(membership)
        document = membership_document(membership)
        if not await self._transaction.write(lambda calls: _added(calls, document)):
            raise AlreadyAMember(user)

    async def save(self, membership: Membership) -> None:
        self._transaction.require_locked(membership.room_id)
        this = _this(membership.room_id, membership.user_id)
        values = {"role": membership.role.value, "present": membership.present}
        await self._transaction.write(
            lambda calls: calls.update(MEMBERSHIPS, this, {"$set": values})
        )

    async def move_read(self, room_id: RoomId, user_id: UserId, seq: int) -> None:
        read = min(seq, LAST_SEQ)
        behind = {**_this(room_id, user_id), "read": {"$lt": read}}
        await self._transaction.write(
            lambda calls: calls.update(MEMBERSHIPS, behind, {"$set": {"read": read}})
        )

    async def remove(self, room_id: RoomId, user_id: UserId) -> None:
        this = _this(room_id, user_id)
        await self._transaction.write(lambda calls: calls.delete(MEMBERSHIPS, this))

    async def find(self, room_id: RoomId, user_id: UserId) -> Membership | None:
        found = await self._memberships([membership_id(room_id, user_id)])
        return membership_of(found[0]) if found else None

    async def find_many(
        self, places: Iterable[tuple[RoomId, UserId]]
    ) -> dict[tuple[RoomId, UserId], Membership]:
        ids = [membership_id(room_id, user_id) for room_id, user_id in sorted(set(places))]
        found = readable(membership_of, await self._memberships(ids)) if ids else []
        return {(membership.room_id, membership.user_id): membership for membership in found}

    async def list_members(self, room_id: RoomId) -> list[Member]:
        async def members(calls: Calls) -> list[Document]:
            memberships = await calls.find(MEMBERSHIPS, _of_room(room_id))
            ids = [membership["_id"]["user"] for membership in memberships]
            users = {
                user["_id"]: user for user in await calls.find(USERS, _with(ids), fields=_USER)
            }
            pairs = [
                {**membership, "user": users[membership["_id"]["user"]]}
                for membership in memberships
                if membership["_id"]["user"] in users
            ]
            return sorted(pairs, key=lambda pair: str(pair["user"]["folded"]))

        return readable(_member_of, await self._transaction.read(members))

    async def list_rooms(self, user_id: UserId) -> list[tuple[Room, Membership]]:
        return (await self.list_rooms_of([user_id]))[user_id]

    async def list_rooms_of(
        self, user_ids: Collection[UserId]
    ) -> dict[UserId, list[tuple[Room, Membership]]]:
        async def joined(calls: Calls) -> list[Document]:
            of_given = {"_id.user": {"$in": list(user_ids)}}
            memberships = await calls.find(MEMBERSHIPS, of_given)
            ids = list({membership["_id"]["room"] for membership in memberships})
            wanted = {**_with(ids), "in_use": True}
            rooms = {room["_id"]: room for room in await calls.find(ROOMS, wanted)} if ids else {}
            pairs = [
                {**membership, "room": rooms[membership["_id"]["room"]]}
                for membership in memberships
                if membership["_id"]["room"] in rooms
            ]
            return sorted(pairs, key=lambda pair: (pair["joined_at"], pair["_id"]["room"]))

        found: dict[UserId, list[tuple[Room, Membership]]] = {each: [] for each in user_ids}
        for pair in readable(_joined_of, await self._transaction.read(joined)):
            found[pair[1].user_id].append(pair)
        return found

    async def find_by_names(self, room_id: RoomId, folded: Iterable[str]) -> dict[str, UserId]:
        names = list(set(folded))

        async def members(calls: Calls) -> list[tuple[str, UserId]]:
            wanted = {"folded": {"$in": names}}
            people = await calls.find(USERS, wanted, fields={"folded": 1})
            ids = {person["_id"]: person["folded"] for person in people}
            here = _with([membership_id(room_id, user_id) for user_id in ids])
            found = await calls.find(MEMBERSHIPS, here, fields={"_id": 1}) if ids else []
            return sorted((ids[each["_id"]["user"]], each["_id"]["user"]) for each in found)

        return dict(await self._transaction.read(members)) if names else {}

    async def list_present(self) -> list[Membership]:
        found = await self._transaction.read(
            lambda calls: calls.find(MEMBERSHIPS, {"present": True})
        )
        return readable(membership_of, found)

    async def _memberships(self, ids: list[Document]) -> list[Document]:
        found = await self._transaction.read(
            lambda calls: calls.find(MEMBERSHIPS, _with(ids), order={"_id": 1})
        )
        self._transaction.known.update(membership["_id"]["user"] for membership in found)
        return found

    async def _required(self, membership: Membership) -> str:
        """The person's name; nothing else would notice that there is no such person or room."""
        user = await self._transaction.read(
            lambda calls: calls.find_one(USERS, {"_id": membership.user_id}, {"username": 1})
        )
        if user is None:
            raise RuntimeError(f"There is no user {membership.user_id} for a membership.")
        room_id = membership.room_id
        if room_id not in self._transaction.known and not await self._transaction.read(
            lambda calls: calls.find_one(ROOMS, {"_id": room_id}, {"_id": 1})
        ):
            raise RuntimeError(f"There is no room {room_id} for a membership.")
        return str(user["username"])


_USER = {"password_hash": 0}


def _with(ids: Sequence[object]) -> Query:
    return {"_id": {"$in": ids}}


def _this(room_id: RoomId, user_id: UserId) -> Query:
    return {"_id": membership_id(room_id, user_id)}


def _of_room(room_id: RoomId) -> Query:
    return {
        "_id": {
            "$gt": {"room": room_id, "user": MinKey()},
            "$lt": {"room": room_id, "user": MaxKey()},
        }
    }


async def _added(calls: Calls, document: Document) -> bool:
    """Looks first: a document that is refused ends the transaction."""
    if await calls.find_one(MEMBERSHIPS, {"_id": document["_id"]}, {"_id": 1}):
        return False
    await calls.insert(MEMBERSHIPS, [document])
    return True


def _member_of(pair: Document) -> Member:
    return Member(user_of(pair["user"]), membership_of(pair))


def _joined_of(pair: Document) -> tuple[Room, Membership]:
    return room_of(pair["room"]), membership_of(pair)
