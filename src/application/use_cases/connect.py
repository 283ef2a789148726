from collections.abc import Iterable

from application.grace import Grace
from application.ports.notifier import Notifier
from application.ports.presence_board import PresenceBoard
from application.room_summary import RoomSummary
from application.use_cases.list_my_rooms import ListMyRooms
from domain.events import PresenceChanged
from domain.ids import ConnectionId
from domain.room import Room
from domain.user import User


class Connect:
    """A person's client connects. With their first connection they are online, and those who
    share a room with them see the dot."""

    def __init__(
        self,
        board: PresenceBoard,
        notifier: Notifier,
        grace: Grace,
        list_my_rooms: ListMyRooms,
    ) -> None:
        self._board = board
        self._notifier = notifier
        self._grace = grace
        self._list_my_rooms = list_my_rooms

    async def __call__(self, actor: User, *, connection_id: ConnectionId) -> list[RoomSummary]:
        """Their rooms, as they are once the connection counts."""
        first = await self._board.connect(actor.id, connection_id)
        self._grace.call_off(("online", actor.id))
        rooms = await self._list_my_rooms(actor)
        if first:
            await tell_presence(self._board, self._notifier, actor, [each.room for each in rooms])
        return rooms


async def tell_presence(
    board: PresenceBoard, notifier: Notifier, actor: User, rooms: Iterable[Room]
) -> None:
    """Tell the people of the actor's rooms whether the actor is online. What is told is looked up
    last, with nothing to wait for after it, so that the last word is the true one."""
    online = bool(await board.online([actor.id]))
    notifier.publish(PresenceChanged(actor.person, online, tuple(room.id for room in rooms)))
