from application.access import require
from application.ports.notifier import Notifier
from application.ports.rate_limits import Action, RateLimits
from application.ports.store import Store
from domain.events import PersonTyped
from domain.ids import RoomId
from domain.permissions import Permission
from domain.user import User


class ShowTyping:
    """A member is typing; the others in the room see it for some seconds. Nothing is stored."""

    def __init__(self, store: Store, notifier: Notifier, limits: RateLimits) -> None:
        self._store = store
        self._notifier = notifier
        self._limits = limits

    async def __call__(self, actor: User, *, room_id: RoomId) -> None:
        """Raises `RateLimited`, and what the door raises."""
        await self._limits.require(Action.TYPE, actor.id)
        async with self._store.view() as view:
            await require(view, actor, room_id, Permission.POST)
        self._notifier.publish(PersonTyped(room_id, actor.person))
