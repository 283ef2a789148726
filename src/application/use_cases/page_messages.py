from dataclasses import dataclass

from application.access import require
from application.limits import Limits
from application.ports.store import Store, Unit
from domain.errors import InvalidField
from domain.ids import RoomId
from domain.message import Message
from domain.permissions import Permission
from domain.user import User


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a room's log, ascending by seq, and whether it goes on at either end."""

    messages: list[Message]
    more_before: bool
    more_after: bool


class PageMessages:
    """Members read the history, by seq: before one, after one, around one, or the latest."""

    def __init__(self, store: Store, limits: Limits) -> None:
        self._store = store
        self._limits = limits

    async def __call__(
        self,
        actor: User,
        *,
        room_id: RoomId,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
        limit: int = 50,
    ) -> Page:
        """At most one of `before`, `after`, `around`; `limit` is 1 to `Limits.page`. Raises
        `InvalidField`, and what the door raises."""
        if sum(bound is not None for bound in (before, after, around)) > 1:
            raise InvalidField("before", "goes with neither after nor around")
        for field, bound in (("before", before), ("after", after), ("around", around)):
            if bound is not None and not 0 <= bound < 2**53:
                raise InvalidField(field, "must be a seq")
        if not 1 <= limit <= self._limits.page:
            raise InvalidField("limit", f"must be 1 to {self._limits.page}")
        async with self._store.view() as view:
            access = await require(view, actor, room_id, Permission.READ)
            if after is not None:
                messages = await view.log.list_after(room_id, after, limit=limit)
            elif around is not None:
                earlier = await view.log.list_before(room_id, around, limit=limit // 2)
                later = await view.log.list_after(room_id, around - 1, limit=limit - len(earlier))
                messages = earlier + later
            else:
                last = access.room.head + 1 if before is None else before
                messages = await view.log.list_before(room_id, last, limit=limit)
            return await _page(view, room_id, messages)


async def _page(view: Unit, room_id: RoomId, messages: list[Message]) -> Page:
    if not messages:
        return Page([], more_before=False, more_after=False)
    earlier = await view.log.list_before(room_id, messages[0].seq, limit=1)
    later = await view.log.list_after(room_id, messages[-1].seq, limit=1)
    return Page(messages, more_before=bool(earlier), more_after=bool(later))
