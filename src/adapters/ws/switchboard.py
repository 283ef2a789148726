"""Who is connected to this node, and who listens to which room."""

from collections.abc import Iterable

from adapters.ws.channel import Channel, Expelled
from adapters.ws.connection import Connection
from application.ports.notifier import Notifier
from domain.ids import RoomId, UserId


class Switchboard:
    """A channel lasts as long as somebody listens to it, and so long the room is followed."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier
        self.channels: dict[RoomId, Channel] = {}
        self._by_user: dict[UserId, set[Connection]] = {}

    def connect(self, connection: Connection) -> None:
        self._by_user.setdefault(connection.user.id, set()).add(connection)

    def disconnect(self, connection: Connection) -> None:
        """Silent if it was already."""
        for room_id in connection.rooms:
            self.forget(room_id, connection)
        connection.rooms.clear()
        connections = self._by_user.get(connection.user.id, set())
        connections.discard(connection)
        if not connections:
            self._by_user.pop(connection.user.id, None)

    def listen(
        self, connection: Connection, room_id: RoomId, head: int, on_expelled: Expelled
    ) -> None:
        """The connection hears the room from the entry after `head` on."""
        channel = self.channels.get(room_id)
        if channel is None:
            channel = self.channels[room_id] = Channel(room_id, head, on_expelled)
            self._notifier.follow(room_id)
        channel.listeners.add(connection)
        connection.rooms[room_id] = head

    def forget(self, room_id: RoomId, connection: Connection) -> None:
        """The connection no longer hears the room. Silent if it did not."""
        channel = self.channels.get(room_id)
        if channel:
            channel.listeners.discard(connection)
            if not channel.listeners:
                self.close(room_id)

    def close(self, room_id: RoomId) -> Channel | None:
        """Nobody hears the room any more. Returns the channel that it had."""
        channel = self.channels.pop(room_id, None)
        if channel:
            self._notifier.unfollow(room_id)
        return channel

    def connections_of(self, user_id: UserId) -> frozenset[Connection]:
        return frozenset(self._by_user.get(user_id, ()))

    def people(self) -> list[UserId]:
        return list(self._by_user)

    def rooms_of(self, user_id: UserId) -> set[RoomId]:
        """The rooms that all connections of the person hear, as far as they want to."""
        connections = [each for each in self.connections_of(user_id) if each.settled]
        if not connections:
            return set()
        return set.intersection(*(set(each.rooms) for each in connections))

    def everybody(self) -> list[Connection]:
        return [each for connections in self._by_user.values() for each in connections]

    def listeners(self, room_id: RoomId) -> Iterable[Connection]:
        channel = self.channels.get(room_id)
        return channel.listeners if channel else ()

    def heads(self) -> dict[RoomId, int]:
        """The last seq that was sent of each room that somebody here listens to."""
        return {room_id: channel.head for room_id, channel in self.channels.items()}

    def is_empty(self) -> bool:
        return not (self.channels or self._by_user)
