"""Which events go where. Each room has a channel, to which those nodes listen where somebody hears
the room. What concerns people, wherever they are, has one channel for all nodes."""

from adapters.redis.link import RedisLink
from domain.events import Event, PersonTyped, RoomAppended, RoomArchived
from domain.ids import RoomId
from domain.message import ADMITTING


class Channels:
    def __init__(self, link: RedisLink) -> None:
        self.people = link.key("people")
        self._rooms = link.key("room", "")

    def of_room(self, room_id: RoomId) -> str:
        return self._rooms + room_id

    def room_of(self, channel: str) -> RoomId | None:
        return RoomId(channel.removeprefix(self._rooms)) if channel != self.people else None

    def of_event(self, event: Event) -> str:
        """Somebody who is admitted may be connected where nobody hears the room yet."""
        if isinstance(event, RoomAppended) and not admits(event):
            return self.of_room(event.room_id)
        if isinstance(event, RoomArchived | PersonTyped):
            return self.of_room(event.room_id)
        return self.people


def admits(event: RoomAppended) -> bool:
    return any(message.kind in ADMITTING for message in event.messages)
