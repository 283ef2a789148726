from dataclasses import dataclass, replace

from application.access import require
from application.limits import Limits
from application.ports.store import Store, Unit
from application.stars import NOTHING_STARRED, Starred, starred_among
from domain.errors import InvalidField
from domain.ids import RoomId
from domain.message import Message
from domain.permissions import Permission
from domain.user import User


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a room's log, ascending by seq, and whether it goes on at either end.
    `starred`: what the reader has starred of it."""

    messages: list[Message]
    more_before: bool
    more_after: bool
    starred: Starred = NOTHING_STARRED


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
        self.check(before=before, after=after, around=around, limit=limit)
        async with self._store.view() as view:
            access = await require(view, actor, room_id, Permission.READ)
            if after is not None:
                page = await _around(view, room_id, after + 1, earlier=0, later=limit)
            elif around is not None:
                page = await _around(view, room_id, around, earlier=limit, later=limit)
            else:
                end = access.room.head + 1 if before is None else before
                page = await _around(view, room_id, end, earlier=limit, later=0)
            return replace(page, starred=await starred_among(view, actor, page.messages))

    def check(
        self,
        *,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
        limit: int,
    ) -> None:
        """Raises `InvalidField` for what cannot be a page."""
        if sum(bound is not None for bound in (before, after, around)) > 1:
            raise InvalidField("before", "goes with neither after nor around")
        for field, bound in (("before", before), ("after", after), ("around", around)):
            if bound is not None and not 0 <= bound < 2**53:
                raise InvalidField(field, "must be a seq")
        if not 1 <= limit <= self._limits.page:
            raise InvalidField("limit", f"must be 1 to {self._limits.page}")


async def _around(view: Unit, room_id: RoomId, seq: int, *, earlier: int, later: int) -> Page:
    """At most so many messages before `seq` and from it on. With both, as many in all as one of
    them says, half and half, and more of one half where the other is short."""
    limit = max(earlier, later)
    # One more than is shown says whether it goes on.
    before = await view.log.list_before(room_id, seq, limit=earlier + 1)
    after = await view.log.list_after(room_id, seq - 1, limit=later + 1)
    shown_after = min(len(after), later)
    if earlier and later:
        shown_after = min(len(after), max(limit - limit // 2, limit - len(before)))
    shown_before = min(len(before), earlier, limit - shown_after)
    return Page(
        before[len(before) - shown_before :] + after[:shown_after],
        more_before=len(before) > shown_before,
        more_after=len(after) > shown_after,
    )
