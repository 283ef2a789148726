from application.access import require
from application.ports.store import Store
from domain.ids import RoomId
from domain.permissions import Permission
from domain.user import User


class UnstarMessage:
    """A member no longer keeps a message. Nobody else notices; where there is no star, nothing
    happens."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, actor: User, *, room_id: RoomId, seq: int) -> None:
        """Raises what the door raises."""
        async with self._store.unit() as unit:
            await require(unit, actor, room_id, Permission.READ)
            await unit.stars.remove(actor.id, room_id, seq)
