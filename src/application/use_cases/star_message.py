from application.access import require
from application.ports.clock import Clock
from application.ports.store import Store
from domain.errors import MessageNotFound
from domain.ids import RoomId
from domain.permissions import Permission
from domain.star import Star
from domain.user import User


class StarMessage:
    """A member keeps a message for themselves. Nobody else notices; to do it again changes
    nothing."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def __call__(self, actor: User, *, room_id: RoomId, seq: int) -> None:
        """Only what was posted and is not deleted. Raises `MessageNotFound`, and what the door
        raises."""
        async with self._store.unit() as unit:
            await require(unit, actor, room_id, Permission.READ)
            # Not under the room's lock, for which everybody who posts waits: a star that is
            # overtaken by a deletion is never shown.
            message = await unit.log.find(room_id, seq)
            if message is None or not message.is_living_post:
                raise MessageNotFound
            await unit.stars.add(Star(actor.id, room_id, seq, self._clock.now()))
