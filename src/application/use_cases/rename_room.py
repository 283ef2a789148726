from application.access import require
from application.ports.message_log import AuthorKey
from application.ports.rate_limits import Action, RateLimits
from application.room_writer import RoomWriter, Turn
from domain.ids import RoomId
from domain.message import Entry, Kind
from domain.names import RoomName
from domain.permissions import Permission
from domain.user import User


class RenameRoom:
    """An owner gives the room another name; everybody sees it. The old name is free again."""

    def __init__(self, writer: RoomWriter, rate_limits: RateLimits) -> None:
        self._writer = writer
        self._rate_limits = rate_limits

    async def __call__(
        self, actor: User, *, room_id: RoomId, name: str, key: AuthorKey | None = None
    ) -> None:
        """Raises `InvalidField`, `RoomNameTaken`. The same name again changes nothing. `key`: as
        `RoomWriter.change` takes it."""
        wanted = RoomName(name)
        await self._rate_limits.require(Action.CHANGE_ROOMS, actor.id)

        async def change(turn: Turn) -> None:
            await require(turn.unit, actor, room_id, Permission.RENAME)
            if turn.room.name == wanted:
                return
            turn.room.rename(wanted)
            turn.receive(Entry(kind=Kind.RENAMED, author=actor.person, text=wanted.value))

        await self._writer.change(room_id, change, key=key)
