from collections.abc import Collection
from typing import Protocol

from domain.ids import RoomId, UserId
from domain.room import Room


class RoomRepository(Protocol):
    """All rooms; archived ones are found by id only."""

    async def add(self, room: Room) -> None:
        """Raises `RoomNameTaken` if another room that is not archived has the folded name.
        A second direct room with the same `direct_key` raises `RoomNameTaken` too.
        A room that was added is locked, as by `lock`."""
        ...

    async def save(self, room: Room) -> None:
        """Store the room as it is now. Only for rooms got by `lock` in the same unit.
        Raises `RoomNameTaken`."""
        ...

    async def save_heads(self, rooms: Collection[Room]) -> None:
        """Store how far the logs of these rooms go, and nothing else of them. Only for rooms got
        by `lock` or `lock_many` in the same unit."""
        ...

    async def find(self, room_id: RoomId) -> Room | None: ...

    async def lock(self, room_id: RoomId) -> Room:
        """The room, and until the unit ends nobody else gets it by `lock`, on any node: what is
        read of the room after this is not changed by others. Raises `RoomNotFound`."""
        ...

    async def lock_many(self, room_ids: Collection[RoomId]) -> dict[RoomId, Room]:
        """Those of the given rooms that there are, each as by `lock`. Whoever locks several uses
        one call for all of them: in whatever order they are given, nobody waits in a circle."""
        ...

    async def find_by_name(self, folded: str) -> Room | None:
        """The room of that name that is not archived."""
        ...

    async def find_direct(self, direct_key: str) -> Room | None: ...

    async def list_visible(
        self, user_id: UserId, *, query: str, after: str, limit: int
    ) -> list[Room]:
        """The directory: public rooms and the person's private ones, not archived, whose folded
        name contains `query` and sorts after `after`, by folded name in the order of code points.
        """
        ...

    async def heads(self, room_ids: list[RoomId]) -> dict[RoomId, int]:
        """The last seq of each of the given rooms; unknown and archived ones are left out."""
        ...
