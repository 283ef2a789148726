from application.ports.store import Store
from domain.ids import RoomId
from domain.message import Message


class HealRoom:
    """Gateways read what a lost notification would have told them. Not for people: who may read
    the entries is settled by the entries themselves, applied in their order."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def heads(self, room_ids: list[RoomId]) -> dict[RoomId, int]:
        """The last seq of each room."""
        async with self._store.view() as view:
            return await view.rooms.heads(room_ids)

    async def missed(self, room_id: RoomId, *, after: int, limit: int = 500) -> list[Message]:
        """The next entries of the room's log, ascending."""
        async with self._store.view() as view:
            return await view.log.replay(room_id, after, limit=limit)
