"""Counting what a person has not read: a few calls, however many rooms they are in.

It is done in the index of words alone, because somebody may have not read half a million posts. In
it stand, for each living post: that it is one, whose it is, and whom it mentions beside its author.
Posts by others are all posts without mine.
"""

from collections.abc import Mapping, Sequence

from adapters.persistence.mongo.calls import Calls
from adapters.persistence.mongo.documents import LAST_SEQ
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import MESSAGES
from adapters.persistence.mongo.messages import LIVING, by_author, of_mention
from application.ports.message_log import Unread
from domain.ids import RoomId, UserId


async def count_unread(
    calls: Calls, user_id: UserId, read: Mapping[RoomId, int]
) -> dict[RoomId, Unread]:
    """A number for each of the given rooms."""
    if not read:
        return {}
    places = [
        {"_id.room": room_id, "_id.seq": {"$gt": min(seq, LAST_SEQ)}}
        for room_id, seq in sorted(read.items())
    ]
    posts = await _counted(calls, LIVING, places)
    mine = await _counted(calls, by_author(user_id), places) if posts else {}
    mentions = await _counted(calls, of_mention(user_id), places) if posts else {}
    return {
        room_id: Unread(posts.get(room_id, 0) - mine.get(room_id, 0), mentions.get(room_id, 0))
        for room_id in read
    }


async def _counted(calls: Calls, word: str, places: Sequence[Document]) -> dict[RoomId, int]:
    """How many posts with this word there are at these places, by room."""
    wanted = [{**place, "words": word} for place in places]
    stages: list[Document] = [
        {"$match": {"$or": wanted} if len(wanted) > 1 else wanted[0]},
        {"$group": {"_id": "$_id.room", "count": {"$sum": 1}}},
    ]
    found = await calls.aggregate(MESSAGES, stages)
    return {each["_id"]: each["count"] for each in found}
