"""Memberships in SQL."""

from collections.abc import Collection, Iterable

from sqlalchemy import and_, bindparam, delete, select, update

from adapters.persistence.sql.prepared import AnyRow
from adapters.persistence.sql.rows import (
    membership_of,
    membership_values,
    readable,
    room_of,
    user_of,
)
from adapters.persistence.sql.schema import PRESENT, Id, Name, memberships, rooms, users
from adapters.persistence.sql.statements import LAST_SEQ, as_rows, given, insert_unless_there
from adapters.persistence.sql.transaction import Transaction
from application.ports.membership_repository import Member, MembershipRepository
from domain.errors import AlreadyAMember
from domain.ids import RoomId, UserId
from domain.membership import Membership
from domain.room import Room


class SqlMembershipRepository(MembershipRepository):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, membership: Membership) -> None:
        insert = insert_unless_there(memberships, self._transaction.dialect)
        if not await self._transaction.write(insert, membership_values(membership)):
            named = await self._transaction.row(_USERNAME, {"user": membership.user_id})
            raise AlreadyAMember(named.username if named else membership.user_id)

    async def save(self, membership: Membership) -> None:
        self._transaction.require_locked(membership.room_id)
        values = {
            "room": membership.room_id,
            "user": membership.user_id,
            "new_role": membership.role.value,
            "new_present": membership.present,
        }
        await self._transaction.write(_SAVE, values)

    async def move_read(self, room_id: RoomId, user_id: UserId, seq: int) -> None:
        values = {"room": room_id, "user": user_id, "new_read": min(seq, LAST_SEQ)}
        await self._transaction.write(_MOVE_READ, values)

    async def remove(self, room_id: RoomId, user_id: UserId) -> None:
        await self._transaction.write(_REMOVE, {"room": room_id, "user": user_id})

    async def find(self, room_id: RoomId, user_id: UserId) -> Membership | None:
        row = await self._transaction.row(_FIND, {"room": room_id, "user": user_id})
        return membership_of(row) if row else None

    async def find_many(
        self, places: Iterable[tuple[RoomId, UserId]]
    ) -> dict[tuple[RoomId, UserId], Membership]:
        values = {"places": as_rows(set(places))}
        found = readable(membership_of, await self._transaction.rows(_FIND_MANY, values))
        return {(membership.room_id, membership.user_id): membership for membership in found}

    async def list_members(self, room_id: RoomId) -> list[Member]:
        return readable(_member_of, await self._transaction.rows(_MEMBERS, {"room": room_id}))

    async def list_rooms(self, user_id: UserId) -> list[tuple[Room, Membership]]:
        return (await self.list_rooms_of([user_id]))[user_id]

    async def list_rooms_of(
        self, user_ids: Collection[UserId]
    ) -> dict[UserId, list[tuple[Room, Membership]]]:
        given = {"user_ids": as_rows((user_id,) for user_id in user_ids)}
        rows = await self._transaction.rows(_ROOMS, given)
        rooms: dict[RoomId, Room] = {}

        def joined_of(row: AnyRow) -> tuple[Room, Membership]:
            if row.room_id not in rooms:
                rooms[row.room_id] = room_of(row)
            return rooms[row.room_id], membership_of(row)

        found: dict[UserId, list[tuple[Room, Membership]]] = {each: [] for each in user_ids}
        for joined in readable(joined_of, rows):
            found[joined[1].user_id].append(joined)
        return found

    async def find_by_names(self, room_id: RoomId, folded: Iterable[str]) -> dict[str, UserId]:
        values = {"room": room_id, "names": as_rows({(name,) for name in folded})}
        rows = await self._transaction.rows(_BY_NAMES, values)
        return {row.folded: row.id for row in rows}

    async def list_present(self) -> list[Membership]:
        return readable(membership_of, await self._transaction.rows(_PRESENT))


def _member_of(row: AnyRow) -> Member:
    return Member(user_of(row), membership_of(row))


_IN_ROOM = memberships.c.room_id == bindparam("room")
_OF_USER = memberships.c.user_id == bindparam("user")
_OF_GIVEN = memberships.c.user_id.in_(select(given("user_ids", id=Id)))

_FIND = select(memberships).where(_IN_ROOM, _OF_USER)
_places = given("places", room_id=Id, user_id=Id)
_IS_THERE = and_(
    memberships.c.room_id == _places.c.room_id, memberships.c.user_id == _places.c.user_id
)
_FIND_MANY = select(memberships).select_from(_places.join(memberships, _IS_THERE))
_SAVE = (
    update(memberships)
    .where(_IN_ROOM, _OF_USER)
    .values(role=bindparam("new_role"), present=bindparam("new_present"))
)
_MOVE_READ = (
    update(memberships)
    .where(_IN_ROOM, _OF_USER, memberships.c.read < bindparam("new_read"))
    .values(read=bindparam("new_read"))
)
_REMOVE = delete(memberships).where(_IN_ROOM, _OF_USER)
_USERNAME = select(users.c.username).where(users.c.id == bindparam("user"))
_MEMBERS = (
    select(memberships, users)
    .join(users, users.c.id == memberships.c.user_id)
    .where(_IN_ROOM)
    .order_by(users.c.folded)
)
_ROOMS = (
    select(memberships, rooms)
    .join(rooms, rooms.c.id == memberships.c.room_id)
    .where(_OF_GIVEN, rooms.c.archived_at.is_(None))
    .order_by(memberships.c.joined_at, memberships.c.room_id)
)
_BY_NAMES = (
    select(users.c.folded, users.c.id)
    .join(memberships, memberships.c.user_id == users.c.id)
    .where(_IN_ROOM, users.c.folded.in_(select(given("names", name=Name))))
)
_PRESENT = select(memberships).where(PRESENT)
