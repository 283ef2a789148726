from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from domain.ids import ConnectionId, RoomId, UserId


@dataclass(frozen=True, slots=True)
class Unsettled:
    """People who may have come or gone, and people in rooms, without anybody having said so."""

    people: frozenset[UserId] = frozenset()
    presences: frozenset[tuple[RoomId, UserId]] = frozenset()


NOTHING_UNSETTLED = Unsettled()


class PresenceBoard(Protocol):
    """Who is connected, and which rooms each connection has open, over all nodes.

    Everything is idempotent: an unknown connection is gone already, a known one is not counted
    twice. Where a board knows this node alone for a while, its answers are about this node, and
    `sees_all` says so; nothing here raises for that. Who was `online` elsewhere may stay so until
    it sees all again.
    """

    @property
    def sees_all(self) -> bool:
        """Whether it speaks for all nodes now. Nobody should be told to have gone otherwise."""
        ...

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
        """The rooms that this connection has open; it is one of this node's."""
        ...

    async def is_present(self, room_id: RoomId, user_id: UserId) -> bool:
        """Whether any connection of the person has the room open."""
        ...

    async def online(self, user_ids: Iterable[UserId]) -> frozenset[UserId]:
        """Those of the given people who have a connection."""
        ...

    async def unsettled(self) -> Unsettled:
        """Whose presence may have changed by the death of a node, or by the return of one that
        was taken for dead. It is given to one caller, once: look at them anew, and tell."""
        ...
