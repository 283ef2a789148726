import asyncio
from dataclasses import dataclass, replace

from application.access import require
from application.hits import Cursor, Hits
from application.ports.rate_limits import Action, RateLimits
from application.ports.store import Store, Unit
from application.stars import NOTHING_STARRED, Starred, starred_among
from domain.errors import Forbidden, InvalidField, NotFound
from domain.ids import RoomId, UserId
from domain.message import Message
from domain.names import sought
from domain.permissions import Permission
from domain.search import Query, parse_query, snippet, words_of
from domain.user import User

MOST = 50
# Phrases are looked for in the texts that have their words: so many at a time, and so many words
# of them, then the asker decides whether to go on.
MOST_LOOKED_AT = 1000
MOST_WORDS = 100_000


@dataclass(frozen=True, slots=True)
class Hit:
    """`snippet`: what is not a hit and what is by turns."""

    message: Message
    snippet: list[str]


@dataclass(frozen=True, slots=True)
class Found:
    """The latest first. `next` is where to go on; None if this was all. `starred`: what the
    asker has starred of the hits."""

    hits: list[Hit]
    next: str | None
    starred: Starred = NOTHING_STARRED


class SearchMessages:
    """A person looks for what was said, in one room or in all of theirs. Nothing is found that
    they could not read in its place."""

    def __init__(self, store: Store, rate_limits: RateLimits) -> None:
        self._store = store
        self._rate_limits = rate_limits

    async def __call__(
        self,
        actor: User,
        *,
        query: str,
        room_id: RoomId | None = None,
        before: str = "",
        limit: int = 20,
    ) -> Found:
        """`query` as `domain.search.parse_query` reads it; `before` is the `next` of the answer
        before; `limit` is 1 to 50. Raises `InvalidField`, `RateLimited`, and for a room what the
        door raises."""
        parsed = parse_query(query)
        after = Cursor.read(before)
        if not 1 <= limit <= MOST:
            raise InvalidField("limit", f"must be 1 to {MOST}")
        await self._rate_limits.require(Action.SEARCH, actor.id)
        async with self._store.view() as view:
            room_ids = await _rooms(view, actor, room_id, parsed)
            wanted = parsed.wanted(await _author(view, actor, parsed))
            hits = Hits(view, room_ids, wanted, after=after, batch=limit + 1)
            found = await _page(hits, parsed, limit)
            messages = [hit.message for hit in found.hits]
            return replace(found, starred=await starred_among(view, actor, messages))


async def _page(hits: Hits, query: Query, limit: int) -> Found:
    found: list[Hit] = []
    words = 0
    for _ in range(MOST_LOOKED_AT):
        message = await hits.peek()
        if message is None:
            return Found(found, None)
        await asyncio.sleep(0)  # Others have their turn between two long texts.
        if query.is_left_open:
            looked_at = words_of(message.text)
            words += len(looked_at)
            is_hit = query.is_met_by(looked_at)
        else:
            is_hit = True
        if is_hit and len(found) == limit:
            break
        if is_hit:
            found.append(Hit(message, snippet(message.text, query)))
        await hits.take()
        if words > MOST_WORDS:
            break
    return Found(found, hits.cursor.written)


async def _rooms(view: Unit, actor: User, room_id: RoomId | None, query: Query) -> list[RoomId]:
    if query.room is not None:
        return [await _named_room(view, actor, query.room)]
    if room_id is not None:
        return [(await require(view, actor, room_id, Permission.READ)).room.id]
    return [room.id for room, _ in await view.memberships.list_rooms(actor.id)]


async def _named_room(view: Unit, actor: User, name: str) -> RoomId:
    folded = sought(name)
    room = await view.rooms.find_by_name(folded) if folded else None
    try:
        if room:
            return (await require(view, actor, room.id, Permission.READ)).room.id
    except (Forbidden, NotFound):
        pass  # To who may not read it, it is not there.
    raise InvalidField("query", "names no room of yours after in:")


async def _author(view: Unit, actor: User, query: Query) -> UserId | None:
    if query.author is None:
        return None
    folded = sought(query.author)
    if folded == "me":
        return actor.id
    user = await view.users.find_by_name(folded) if folded else None
    if user is None:
        raise InvalidField("query", "names nobody after from:")
    return user.id
