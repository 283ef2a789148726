from collections.abc import Sequence

from application.gathering import Gathering
from application.ports.presence_board import PresenceBoard
from application.ports.store import Store
from application.room_summary import RoomSummary, summarise_each, with_presence
from domain.user import User


class ListMyRooms:
    """The rooms that the actor is a member of, direct ones included, with what is unread."""

    def __init__(self, store: Store, board: PresenceBoard) -> None:
        self._store = store
        self._board = board
        self._rooms = Gathering(self._read)

    async def __call__(self, actor: User) -> list[RoomSummary]:
        return await with_presence(self._board, await self._rooms.ask(actor))

    async def _read(self, actors: Sequence[User]) -> list[list[RoomSummary]]:
        async with self._store.view() as view:
            rooms = await view.memberships.list_rooms_of({actor.id for actor in actors})
            return await summarise_each(view, [(actor, rooms[actor.id]) for actor in actors])
