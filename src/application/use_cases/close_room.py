from application.attendance import Attendance
from application.ports.presence_board import PresenceBoard
from domain.ids import ConnectionId, RoomId
from domain.user import User


class CloseRoom:
    """A member's client no longer shows a room. When none of their connections does, and none
    does again within the grace, the room tells that they have gone."""

    def __init__(self, board: PresenceBoard, attendance: Attendance) -> None:
        self._board = board
        self._attendance = attendance

    async def __call__(self, actor: User, *, room_id: RoomId, connection_id: ConnectionId) -> None:
        """Silent for a room that the connection does not have open."""
        if room_id not in await self._board.rooms_of(actor.id, connection_id):
            return
        await self._board.exit(room_id, actor.id, connection_id)
        await self._attendance.depart_soon(room_id, actor.person)
