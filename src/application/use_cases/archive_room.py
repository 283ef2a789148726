from application.access import require
from application.ports.clock import Clock
from application.room_writer import RoomWriter, Turn
from domain.events import RoomArchived
from domain.ids import RoomId
from domain.permissions import Permission
from domain.user import User


class ArchiveRoom:
    """An owner takes the room away: it leaves everybody's list and its name is free again. Its
    log stays in the store."""

    def __init__(self, writer: RoomWriter, clock: Clock) -> None:
        self._writer = writer
        self._clock = clock

    async def __call__(self, actor: User, *, room_id: RoomId) -> None:
        """Raises what the door raises."""

        async def archive(turn: Turn) -> None:
            await require(turn.unit, actor, room_id, Permission.ARCHIVE)
            turn.room.archived_at = self._clock.now()
            turn.tell(RoomArchived(room_id))

        await self._writer.change(room_id, archive)
