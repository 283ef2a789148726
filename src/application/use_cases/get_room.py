from application.access import grant
from application.ports.presence_board import PresenceBoard
from application.ports.store import Store, Unit
from application.room_summary import RoomSummary, summarise_one, with_presence
from domain.errors import NotAMember, RoomNotFound
from domain.ids import RoomId
from domain.names import sought
from domain.room import Room
from domain.user import User


class GetRoom:
    """A room as the actor sees it: their own, or a public one that they could join."""

    def __init__(self, store: Store, board: PresenceBoard) -> None:
        self._store = store
        self._board = board

    async def __call__(self, actor: User, *, room_id: RoomId) -> RoomSummary:
        """Raises `RoomNotFound`."""
        async with self._store.view() as view:
            summary = await _seen(view, actor, await view.rooms.find(room_id))
        return await self._with_presence(summary)

    async def named(self, actor: User, name: str) -> RoomSummary:
        """Raises `RoomNotFound`."""
        folded = sought(name)
        if folded is None:
            raise RoomNotFound
        async with self._store.view() as view:
            summary = await _seen(view, actor, await view.rooms.find_by_name(folded))
        return await self._with_presence(summary)

    async def _with_presence(self, summary: RoomSummary) -> RoomSummary:
        (seen,) = await with_presence(self._board, [summary])
        return seen


async def _seen(view: Unit, actor: User, room: Room | None) -> RoomSummary:
    if room is None:
        raise RoomNotFound
    membership = await view.memberships.find(room.id, actor.id)
    try:
        access = grant(actor, room, membership)
    except NotAMember:
        return RoomSummary(room)
    return await summarise_one(view, actor, access)
