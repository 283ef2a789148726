from application.access import require
from application.ports.message_log import AuthorKey
from application.room_summary import RoomSummary
from application.room_writer import RoomWriter, Turn
from application.succession import pass_on
from domain.ids import RoomId
from domain.message import Entry, Kind
from domain.permissions import Permission
from domain.user import User


class LeaveRoom:
    """A member leaves; the others see it. When the last owner leaves, the room passes on to who
    has the highest role, and of those to who came first. Nobody left: the room waits empty."""

    def __init__(self, writer: RoomWriter) -> None:
        self._writer = writer

    async def __call__(
        self, actor: User, *, room_id: RoomId, key: AuthorKey | None = None
    ) -> RoomSummary:
        """Returns the room as it is without them. `key`: as `RoomWriter.change` takes it. Raises
        `RoomNotFound`, `NotAMember`; `PermissionDenied` in a direct room."""

        async def leave(turn: Turn) -> RoomSummary:
            await require(turn.unit, actor, room_id, Permission.LEAVE)
            await turn.unit.memberships.remove(room_id, actor.id)
            turn.receive(Entry(kind=Kind.LEFT, author=actor.person))
            await pass_on(turn)
            return RoomSummary(turn.room)

        return await self._writer.change(room_id, leave, key=key)
