"""Counting what people have not read: a few calls for each of them, however many rooms they are in,
and at most a thousand posts and a thousand mentions of each room, however many there are.

It is done in the index of words alone. In it stand, for each living post: that it is one, whose it
is, and whom it mentions beside its author. Posts by others are all posts without mine.

Whoever is no further behind than a thousand entries has no more posts to count than that, so the
rooms where that is so are counted together. Nearly all are. Only of a room by itself can the first
thousand posts be told from the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from adapters.persistence.mongo.calls import Calls
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import MESSAGES, MESSAGES_WORDS, ROOMS
from adapters.persistence.mongo.messages import LIVING, by_author, of_mention
from application.ports.message_log import MOST_UNREAD, Unread
from domain.ids import RoomId, UserId


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Of a room's log, behind one seq and up to another."""

    room_id: RoomId
    after: int
    upto: int

    @property
    def length(self) -> int:
        return self.upto - self.after

    @property
    def query(self) -> Document:
        return {"_id.room": self.room_id, "_id.seq": {"$gt": self.after, "$lte": self.upto}}


@dataclass(frozen=True, slots=True)
class _Counted:
    posts: int
    last: int


async def count_unread(
    calls: Calls, read: Mapping[UserId, Mapping[RoomId, int]]
) -> dict[UserId, dict[RoomId, Unread]]:
    """As the port promises it: a number for each of the given people and rooms."""
    heads = await _heads(calls, {room_id for rooms in read.values() for room_id in rooms})
    return {user_id: await _count(calls, user_id, rooms, heads) for user_id, rooms in read.items()}


async def _heads(calls: Calls, room_ids: Iterable[RoomId]) -> dict[RoomId, int]:
    """Where the logs end; archived ones, too."""
    wanted = {"_id": {"$in": sorted(room_ids)}}
    return {room["_id"]: room["head"] for room in await calls.find(ROOMS, wanted, fields=_HEAD)}


async def _count(
    calls: Calls, user_id: UserId, read: Mapping[RoomId, int], heads: Mapping[RoomId, int]
) -> dict[RoomId, Unread]:
    unread = {
        room_id: _Stretch(room_id, seq, heads[room_id])
        for room_id, seq in sorted(read.items())
        if seq < heads.get(room_id, 0)
    }
    posts = await _first(calls, LIVING, list(unread.values()))
    some = [unread[room_id] for room_id in posts]
    mentions = await _first(calls, of_mention(user_id), some)
    counted = [_Stretch(each.room_id, each.after, posts[each.room_id].last) for each in some]
    mine = await _together(calls, by_author(user_id), counted)
    return {
        room_id: Unread(
            posts.get(room_id, _NONE).posts - mine.get(room_id, _NONE).posts,
            mentions.get(room_id, _NONE).posts,
        )
        for room_id in read
    }


async def _first(calls: Calls, word: str, stretches: Sequence[_Stretch]) -> dict[RoomId, _Counted]:
    """The first `MOST_UNREAD` posts with this word, where there are any."""
    near = [each for each in stretches if each.length <= MOST_UNREAD]
    found = await _together(calls, word, near)
    for each in stretches:
        if each.length > MOST_UNREAD:
            found |= await _by_itself(calls, word, each)
    return found


async def _together(
    calls: Calls, word: str, stretches: Sequence[_Stretch]
) -> dict[RoomId, _Counted]:
    wanted = [{**each.query, "words": word} for each in stretches]
    if not wanted:
        return {}
    return await _counted(
        calls, [{"$match": {"$or": wanted} if len(wanted) > 1 else wanted[0]}, _COUNT]
    )


async def _by_itself(calls: Calls, word: str, stretch: _Stretch) -> dict[RoomId, _Counted]:
    return await _counted(
        calls,
        [
            {"$match": {**stretch.query, "words": word}},
            {"$sort": {"_id.seq": 1}},
            {"$limit": MOST_UNREAD},
            _COUNT,
        ],
    )


async def _counted(calls: Calls, stages: list[Document]) -> dict[RoomId, _Counted]:
    found = await calls.aggregate(MESSAGES, stages, hint=MESSAGES_WORDS)
    return {each["_id"]: _Counted(each["posts"], each["last"]) for each in found}


_NONE = _Counted(0, 0)
_HEAD = {"head": 1}
_COUNT: Document = {
    "$group": {"_id": "$_id.room", "posts": {"$sum": 1}, "last": {"$max": "$_id.seq"}}
}
