from dataclasses import dataclass

from application.attendance import Attendance
from application.ports.presence_board import PresenceBoard
from application.profile import Profile
from application.room_summary import RoomSummary
from application.use_cases.get_room import GetRoom
from application.use_cases.list_members import ListMembers
from application.use_cases.page_messages import Page, PageMessages
from domain.ids import ConnectionId, RoomId
from domain.user import User


@dataclass(frozen=True, slots=True)
class OpenedRoom:
    summary: RoomSummary
    members: list[Profile]
    page: Page


class OpenRoom:
    """A member's client shows a room: it gets the room, its people and the latest page. The first
    time that one of their connections does, the room tells that they are here."""

    def __init__(
        self,
        page_messages: PageMessages,
        get_room: GetRoom,
        list_members: ListMembers,
        board: PresenceBoard,
        attendance: Attendance,
    ) -> None:
        self._page_messages = page_messages
        self._get_room = get_room
        self._list_members = list_members
        self._board = board
        self._attendance = attendance

    async def __call__(
        self, actor: User, *, room_id: RoomId, connection_id: ConnectionId, limit: int = 50
    ) -> OpenedRoom:
        """Raises `InvalidField`, and what the door raises."""
        self._page_messages.check(limit=limit)  # Before anybody is told that they are here.
        members = await self._list_members(actor, room_id=room_id)
        await self._board.enter(room_id, actor.id, connection_id)
        summary = await self._get_room(actor, room_id=room_id)
        membership = summary.membership
        if membership and await self._attendance.arrive(summary.room, membership, actor.person):
            summary = await self._get_room(actor, room_id=room_id)
        page = await self._page_messages(actor, room_id=room_id, limit=limit)
        return OpenedRoom(summary, members, page)
