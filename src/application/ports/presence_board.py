from collections.abc import Iterable
from typing import Protocol

from domain.ids import ConnectionId, RoomId, UserId


class PresenceBoard(Protocol):
    """Who is connected, and which rooms each connection has open, over all nodes.

    Everything is idempotent: an unknown connection is gone already, a known one is not counted
    twice.
    """

    async def connect(self, user_id: UserId, connection_id: ConnectionId) -> bool:
        """True if this is the person's only connection."""
        ...

    async def disconnect(self, user_id: UserId, connection_id: ConnectionId) -> bool:
        """Also closes the rooms it had open. True if no connection of the person remains."""
        ...

    async def enter(self, room_id: RoomId, user_id: UserId, connection_id: ConnectionId) -> None:
        """The connection shows the room."""
        ...

    async def exit(self, room_id: RoomId, user_id: UserId, connection_id: ConnectionId) -> None:
        """The connection no longer shows the room."""
        ...

    async def rooms_of(self, user_id: UserId, connection_id: ConnectionId) -> frozenset[RoomId]:
        """The rooms that this connection has open."""
        ...

    async def is_present(self, room_id: RoomId, user_id: UserId) -> bool:
        """Whether any connection of the person has the room open."""
        ...

    async def online(self, user_ids: Iterable[UserId]) -> frozenset[UserId]:
        """Those of the given people who have a connection."""
        ...
