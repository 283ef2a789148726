from application.grace import Grace
from application.ports.notifier import Notifier
from application.ports.presence_board import PresenceBoard
from application.ports.store import Store
from domain.events import PresenceChanged
from domain.ids import ConnectionId
from domain.user import User


class Connect:
    """A person's client connects. With their first connection they are online, and those who
    share a room with them see the dot."""

    def __init__(
        self, store: Store, board: PresenceBoard, notifier: Notifier, grace: Grace
    ) -> None:
        self._store = store
        self._board = board
        self._notifier = notifier
        self._grace = grace

    async def __call__(self, actor: User, *, connection_id: ConnectionId) -> None:
        first = await self._board.connect(actor.id, connection_id)
        self._grace.call_off(("online", actor.id))
        if first:  # Also within the grace: who looked meanwhile saw them offline.
            await publish_presence(self._store, self._board, self._notifier, actor)


async def publish_presence(
    store: Store, board: PresenceBoard, notifier: Notifier, actor: User
) -> None:
    """Tell the people of the actor's rooms whether the actor is online. What is told is looked up
    last, with nothing to wait for after it, so that the last word is the true one."""
    async with store.view() as view:
        rooms = await view.memberships.list_rooms(actor.id)
    room_ids = tuple(room.id for room, _ in rooms)
    online = bool(await board.online([actor.id]))
    notifier.publish(PresenceChanged(actor.person, online, room_ids))
