from dataclasses import dataclass

from application.access import require
from application.ports.message_log import Unread
from application.ports.notifier import Notifier
from application.ports.store import Store
from domain.errors import InvalidField
from domain.events import ReadMoved
from domain.ids import RoomId
from domain.permissions import Permission
from domain.user import User


@dataclass(frozen=True, slots=True)
class ReadPosition:
    read: int
    unread: Unread


class MarkRead:
    """A member has read up to a message. The position only moves forward, and moves on all of
    their devices."""

    def __init__(self, store: Store, notifier: Notifier) -> None:
        self._store = store
        self._notifier = notifier

    async def __call__(self, actor: User, *, room_id: RoomId, seq: int) -> ReadPosition:
        """A position behind the end of the log is its end. Raises `InvalidField`, and what the
        door raises."""
        if seq < 0:
            raise InvalidField("seq", "must not be negative")
        async with self._store.view() as view:
            access = await require(view, actor, room_id, Permission.READ)
            membership = access.membership
            moved = membership.mark_read(seq, head=access.room.head)
            counts = await view.log.count_unread({actor.id: {room_id: membership.read}})
        position = ReadPosition(membership.read, counts[actor.id][room_id])
        if moved:
            async with self._store.unit() as unit:
                await unit.memberships.move_read(room_id, actor.id, position.read)
            unread = position.unread
            self._notifier.publish(
                ReadMoved(actor.id, room_id, position.read, unread.posts, unread.mentions)
            )
        return position
