from application.ports.presence_board import PresenceBoard
from application.ports.store import Store
from application.room_summary import RoomSummary, summarise, with_presence
from domain.user import User


class ListMyRooms:
    """The rooms that the actor is a member of, direct ones included, with what is unread."""

    def __init__(self, store: Store, board: PresenceBoard) -> None:
        self._store = store
        self._board = board

    async def __call__(self, actor: User) -> list[RoomSummary]:
        async with self._store.view() as view:
            rooms = await view.memberships.list_rooms(actor.id)
            summaries = await summarise(view, actor, rooms)
        return await with_presence(self._board, summaries)
