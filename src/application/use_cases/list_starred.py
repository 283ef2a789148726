import re
from dataclasses import dataclass
from datetime import UTC, datetime

from application.ports.store import Store, Unit
from domain.errors import InvalidField
from domain.ids import RoomId, is_id
from domain.message import Message
from domain.star import Star
from domain.user import User

MOST = 50
# Stars in rooms that the person has left are kept and not shown: so many are looked at, then the
# asker decides whether to go on.
MOST_LOOKED_AT = 1000
BATCH = 100


@dataclass(frozen=True, slots=True)
class StarredMessages:
    """The latest starred first. `next` is where to go on; None if this was all."""

    messages: list[Message]
    next: str | None


class ListStarred:
    """A person sees what they have starred, in all rooms that they are in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, actor: User, *, before: str = "", limit: int = 20) -> StarredMessages:
        """`before` is the `next` of the answer before; `limit` is 1 to 50. Raises
        `InvalidField`."""
        if not 1 <= limit <= MOST:
            raise InvalidField("limit", f"must be 1 to {MOST}")
        after = _star(actor, before) if before else None
        async with self._store.view() as view:
            stars, last = await _page(view, actor, after, limit)
            found = await view.log.find_many((star.room_id, star.seq) for star in stars)
        messages = (found.get((star.room_id, star.seq)) for star in stars)
        return StarredMessages(
            [message for message in messages if message and message.is_living_post],
            _written(last) if last else None,
        )


async def _page(
    view: Unit, actor: User, after: Star | None, limit: int
) -> tuple[list[Star], Star | None]:
    """Stars in the person's rooms, and the one after which to go on, if there are more."""
    rooms = {room.id for room, _ in await view.memberships.list_rooms(actor.id)}
    stars: list[Star] = []
    for _ in range(MOST_LOOKED_AT // BATCH):
        batch = await view.stars.list_of(actor.id, before=after, limit=BATCH)
        stars += (star for star in batch if star.room_id in rooms)
        if len(stars) > limit:
            return stars[:limit], stars[limit - 1]
        if len(batch) < BATCH:
            return stars, None
        after = batch[-1]
    return stars, after


def _written(star: Star) -> str:
    return f"{round(star.starred_at.timestamp() * 1000)}.{star.room_id}.{star.seq}"


def _star(actor: User, before: str) -> Star:
    """The one that was written. Raises `InvalidField`."""
    found = re.fullmatch(r"([0-9]{1,15})\.([0-9a-f-]{36})\.([0-9]{1,15})", before, re.ASCII)
    if found is None or not is_id(found[2]) or int(found[1]) > _LAST_MOMENT:
        raise InvalidField("before", "is not what an answer gave as next")
    at = datetime.fromtimestamp(int(found[1]) / 1000, UTC)
    return Star(actor.id, RoomId(found[2]), int(found[3]), at)


_LAST_MOMENT = 253_402_300_799_999  # The end of the year 9999, in milliseconds.
