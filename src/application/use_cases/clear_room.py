from application.access import require
from application.ports.message_log import AuthorKey
from application.room_writer import RoomWriter, Turn
from domain.ids import RoomId
from domain.message import Entry, Kind
from domain.permissions import Permission
from domain.user import User


class ClearRoom:
    """An owner erases the whole history of the room, for everybody and for good. What remains is
    one entry that says who did it, so that every reader learns to forget."""

    def __init__(self, writer: RoomWriter) -> None:
        self._writer = writer

    async def __call__(self, actor: User, *, room_id: RoomId, key: AuthorKey | None = None) -> None:
        """`key`: as `RoomWriter.change` takes it. Raises what the door raises."""

        async def clear(turn: Turn) -> None:
            await require(turn.unit, actor, room_id, Permission.CLEAR)
            upto = turn.room.head
            await turn.unit.log.clear(room_id, upto)
            turn.receive(Entry(kind=Kind.CLEARED, author=actor.person, upto=upto))

        await self._writer.change(room_id, clear, key=key)
