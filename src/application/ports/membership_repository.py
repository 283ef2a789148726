from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from domain.ids import RoomId, UserId
from domain.membership import Membership
from domain.room import Room
from domain.user import User


@dataclass(frozen=True, slots=True)
class Member:
    user: User
    membership: Membership


class MembershipRepository(Protocol):
    """Who is a member of which room."""

    async def add(self, membership: Membership) -> None:
        """Raises `AlreadyAMember`; and `RuntimeError`, if there is no such person or room."""
        ...

    async def save(self, membership: Membership) -> None:
        """Store role and presence, not the read position. Only under the lock of the room.
        Silent when it is gone."""
        ...

    async def move_read(self, room_id: RoomId, user_id: UserId, seq: int) -> None:
        """Move the read position to `seq` unless it is there or further already. Needs no lock
        and touches nothing else. Silent when there is no such membership."""
        ...

    async def remove(self, room_id: RoomId, user_id: UserId) -> None:
        """Silent when there is none."""
        ...

    async def find(self, room_id: RoomId, user_id: UserId) -> Membership | None: ...

    async def find_many(
        self, places: Iterable[tuple[RoomId, UserId]]
    ) -> dict[tuple[RoomId, UserId], Membership]:
        """Those of the given people who are members of the room that is given with each."""
        ...

    async def list_members(self, room_id: RoomId) -> list[Member]:
        """Everybody in the room, by folded username in the order of code points."""
        ...

    async def list_rooms(self, user_id: UserId) -> list[tuple[Room, Membership]]:
        """The person's rooms that are not archived, in the order of their joining (then id)."""
        ...

    async def list_rooms_of(
        self, user_ids: Collection[UserId]
    ) -> dict[UserId, list[tuple[Room, Membership]]]:
        """The same for each of these people. Those who share a room may get the same `Room`."""
        ...

    async def find_by_names(self, room_id: RoomId, folded: Iterable[str]) -> dict[str, UserId]:
        """Members of the room by folded username; names of others are left out."""
        ...

    async def list_present(self) -> list[Membership]:
        """All memberships that are marked as present, in no order."""
        ...
