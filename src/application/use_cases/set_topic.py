from application.access import require
from application.ports.message_log import AuthorKey
from application.ports.rate_limits import Action, RateLimits
from application.room_writer import RoomWriter, Turn
from domain.ids import RoomId
from domain.message import Entry, Kind
from domain.permissions import Permission
from domain.user import User


class SetTopic:
    """A moderator or owner says what the room is about; everybody sees it. Empty is none."""

    def __init__(self, writer: RoomWriter, rate_limits: RateLimits) -> None:
        self._writer = writer
        self._rate_limits = rate_limits

    async def __call__(
        self, actor: User, *, room_id: RoomId, topic: str, key: AuthorKey | None = None
    ) -> None:
        """Raises `InvalidField`. The same topic again changes nothing. `key`: as
        `RoomWriter.change` takes it."""
        await self._rate_limits.require(Action.CHANGE_ROOMS, actor.id)

        async def change(turn: Turn) -> None:
            await require(turn.unit, actor, room_id, Permission.SET_TOPIC)
            before = turn.room.topic
            turn.room.set_topic(topic)
            if turn.room.topic != before:
                turn.receive(
                    Entry(kind=Kind.TOPIC_CHANGED, author=actor.person, text=turn.room.topic)
                )

        await self._writer.change(room_id, change, key=key)
