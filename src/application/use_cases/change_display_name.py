from application.ports.notifier import Notifier
from application.ports.store import Store
from domain.events import PersonRenamed
from domain.user import User


class ChangeDisplayName:
    """A person changes how they are shown, in what they say from now on and what is read anew.
    Those who share a room with them see it at once."""

    def __init__(self, store: Store, notifier: Notifier) -> None:
        self._store = store
        self._notifier = notifier

    async def __call__(self, actor: User, *, display_name: str) -> User:
        """Raises `InvalidField`."""
        async with self._store.unit() as unit:
            user = await unit.users.get(actor.id)
            user.call_themselves(display_name)
            await unit.users.save(user)
            rooms = await unit.memberships.list_rooms(user.id)
        room_ids = tuple(room.id for room, _ in rooms)
        self._notifier.publish(PersonRenamed(user.person, room_ids))
        return user
