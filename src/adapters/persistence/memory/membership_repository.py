"""Memberships in memory."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from adapters.persistence.memory.journal import Journal
from adapters.persistence.memory.tables import Tables
from application.ports.membership_repository import Member, MembershipRepository
from domain.errors import AlreadyAMember
from domain.ids import RoomId, UserId
from domain.membership import Membership
from domain.room import Room


class MemoryMembershipRepository(MembershipRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._tables = tables
        self._journal = journal

    async def add(self, membership: Membership) -> None:
        self._journal.require_writable()
        room_id, user_id = membership.room_id, membership.user_id
        user = self._tables.users.get(user_id)
        if user is None or room_id not in self._tables.rooms:
            raise RuntimeError(f"No room {room_id} or no user {user_id} for a membership.")
        if user_id in self._tables.members[room_id]:
            raise AlreadyAMember(user.username.value)
        self._put(replace(membership))

    async def save(self, membership: Membership) -> None:
        self._journal.require_locked(membership.room_id)
        stored = self._tables.members[membership.room_id].get(membership.user_id)
        if stored is not None:
            self._put(replace(stored, role=membership.role, present=membership.present))

    async def move_read(self, room_id: RoomId, user_id: UserId, seq: int) -> None:
        self._journal.require_writable()
        stored = self._tables.members[room_id].get(user_id)
        if stored is not None and seq > stored.read:
            self._put(replace(stored, read=seq))

    async def remove(self, room_id: RoomId, user_id: UserId) -> None:
        self._journal.drop(self._tables.members[room_id], user_id)
        self._journal.drop(self._tables.rooms_of[user_id], room_id)

    async def find(self, room_id: RoomId, user_id: UserId) -> Membership | None:
        membership = self._tables.members[room_id].get(user_id)
        return membership and replace(membership)

    async def find_many(
        self, places: Iterable[tuple[RoomId, UserId]]
    ) -> dict[tuple[RoomId, UserId], Membership]:
        members = self._tables.members
        return {
            (room_id, user_id): replace(members[room_id][user_id])
            for room_id, user_id in places
            if user_id in members[room_id]
        }

    async def list_members(self, room_id: RoomId) -> list[Member]:
        users = self._tables.users
        members = [
            Member(replace(users[user_id]), replace(membership))
            for user_id, membership in self._tables.members[room_id].items()
        ]
        return sorted(members, key=lambda member: member.user.username.folded)

    async def list_rooms(self, user_id: UserId) -> list[tuple[Room, Membership]]:
        joined = sorted(
            self._tables.rooms_of[user_id].values(),
            key=lambda membership: (membership.joined_at, membership.room_id),
        )
        rooms = ((self._tables.rooms[membership.room_id], membership) for membership in joined)
        return [(replace(room), replace(mine)) for room, mine in rooms if not room.is_archived]

    async def list_rooms_of(
        self, user_ids: Collection[UserId]
    ) -> dict[UserId, list[tuple[Room, Membership]]]:
        return {user_id: await self.list_rooms(user_id) for user_id in user_ids}

    async def find_by_names(self, room_id: RoomId, folded: Iterable[str]) -> dict[str, UserId]:
        named = ((name, self._tables.usernames.get(name)) for name in folded)
        members = self._tables.members[room_id]
        return {name: user_id for name, user_id in named if user_id and user_id in members}

    async def list_present(self) -> list[Membership]:
        return [
            replace(membership)
            for members in self._tables.members.values()
            for membership in members.values()
            if membership.present
        ]

    def _put(self, membership: Membership) -> None:
        room_id, user_id = membership.room_id, membership.user_id
        self._journal.put(self._tables.members[room_id], user_id, membership)
        self._journal.put(self._tables.rooms_of[user_id], room_id, membership)
