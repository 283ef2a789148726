"""Presence of the people on this one node."""

from collections.abc import Iterable

from application.ports.presence_board import NOTHING_UNSETTLED, PresenceBoard, Unsettled
from domain.ids import ConnectionId, RoomId, UserId


class MemoryPresenceBoard(PresenceBoard):
    def __init__(self) -> None:
        self._open: dict[UserId, dict[ConnectionId, set[RoomId]]] = {}

    @property
    def sees_all(self) -> bool:
        return True

    async def connect(self, user_id: UserId, connection_id: ConnectionId) -> bool:
        connections = self._open.setdefault(user_id, {})
        connections.setdefault(connection_id, set())
        return len(connections) == 1

    async def disconnect(self, user_id: UserId, connection_id: ConnectionId) -> bool:
        connections = self._open.get(user_id, {})
        connections.pop(connection_id, None)
        if not connections:
            self._open.pop(user_id, None)
        return not connections

    async def enter(self, room_id: RoomId, user_id: UserId, connection_id: ConnectionId) -> None:
        rooms = self._open.get(user_id, {}).get(connection_id)
        if rooms is not None:
            rooms.add(room_id)

    async def exit(self, room_id: RoomId, user_id: UserId, connection_id: ConnectionId) -> None:
        self._open.get(user_id, {}).get(connection_id, set()).discard(room_id)

    async def rooms_of(self, user_id: UserId, connection_id: ConnectionId) -> frozenset[RoomId]:
        return frozenset(self._open.get(user_id, {}).get(connection_id, ()))

    async def is_present(self, room_id: RoomId, user_id: UserId) -> bool:
        return any(room_id in rooms for rooms in self._open.get(user_id, {}).values())

    async def online(self, user_ids: Iterable[UserId]) -> frozenset[UserId]:
        return frozenset(user_id for user_id in user_ids if user_id in self._open)

    async def unsettled(self) -> Unsettled:
        return NOTHING_UNSETTLED
