"""Searching by the index of words: (room, word, seq), one entry for each word of a post.

The index can be gone through for one word only, in the order of the log. So it is gone through for
the rarest word, and whatever else is wanted is asked of the posts that are met there. These further
conditions are expressions, because no index serves an expression: were they conditions on `words`,
the server might choose to go by one of them.
"""

from adapters.persistence.mongo.calls import Calls, Query
from adapters.persistence.mongo.days import bounds_of
from adapters.persistence.mongo.documents import LAST_SEQ
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import MESSAGES, MESSAGES_WORDS
from adapters.persistence.mongo.messages import by_author, message_id
from adapters.persistence.mongo.time import milliseconds
from domain.ids import RoomId
from domain.search import Wanted

# A word that stands in more posts than these is common; which of two such is rarer costs more to
# find out than it saves.
_COMMON = 2000
_LATEST = 10_000


async def find_wanted(
    calls: Calls, room_id: RoomId, wanted: Wanted, *, before: int, limit: int
) -> list[Document]:
    """As `MessageLog.search` promises it."""
    bounds = await bounds_of(calls, room_id, wanted)
    if bounds is None:
        return []
    words = set(wanted.words)
    if wanted.author_id is not None:
        words.add(by_author(wanted.author_id))
    beginnings = set(wanted.beginnings)
    place: Document = {"_id.room": room_id, "_id.seq": {"$lt": min(before, LAST_SEQ), **bounds}}
    if words:
        first: object = await _rarest(calls, place, sorted(words))
        words.discard(str(first))
    else:
        # The longest one is the beginning of the fewest words.
        longest = max(sorted(beginnings), key=len)
        beginnings.remove(longest)
        # One and the same word between both, not one after and another one before.
        first = {"$elemMatch": {"$gte": longest, "$lt": longest + _AFTER_ALL_LETTERS}}
    conditions = [*map(_has, sorted(words)), *map(_has_beginning, sorted(beginnings))]
    conditions += [{"$not": [_has(word)]} for word in sorted(wanted.without)]
    further = {"$expr": {"$and": conditions}} if conditions else {}
    query = {"words": first, **_timely(wanted), **further}
    if isinstance(first, dict) and await _are_many(calls, {**place, "words": first}):
        last = bounds.get("$lte", LAST_SEQ)
        found = await _latest(calls, room_id, query, before=min(before, last + 1), limit=limit)
        if len(found) == limit:
            return found
    return await calls.find(
        MESSAGES,
        {**place, **query},
        fields=_WITHOUT_WORDS,
        order={"_id.seq": -1},
        limit=limit,
        index=MESSAGES_WORDS,
    )


_WITHOUT_WORDS = {"words": 0}
_AFTER_ALL_LETTERS = "\U0010ffff"


async def _rarest(calls: Calls, query: Query, words: list[str]) -> str:
    """Of several words, the one that stands in the fewest posts."""
    if len(words) == 1:
        return words[0]
    found = {
        word: await calls.count(
            MESSAGES, {**query, "words": word}, hint=MESSAGES_WORDS, limit=_COMMON
        )
        for word in words
    }
    return min(words, key=lambda word: found[word])


async def _are_many(calls: Calls, query: Query) -> bool:
    return await calls.count(MESSAGES, query, hint=MESSAGES_WORDS, limit=_COMMON) == _COMMON


async def _latest(
    calls: Calls, room_id: RoomId, query: Query, *, before: int, limit: int
) -> list[Document]:
    """Hits among the latest posts. A short beginning has so many that putting those in order takes
    long; but if there are many, there are some among the latest."""
    log = {"_id": {"$gt": message_id(room_id, 0), "$lt": message_id(room_id, before)}}
    last = await calls.find(MESSAGES, log, fields={"_id": 1}, order={"_id": -1}, limit=1)
    if not last:
        return []
    log["_id"]["$gt"] = message_id(room_id, last[0]["_id"]["seq"] - _LATEST)
    return await calls.find(
        MESSAGES,
        {**log, **query},
        fields=_WITHOUT_WORDS,
        order={"_id": -1},
        limit=limit,
        index="_id_",
    )


def _has(word: str) -> Query:
    return {"$in": [{"$literal": word}, "$words"]}


def _has_beginning(beginning: str) -> Query:
    begins = {"$eq": [{"$indexOfBytes": ["$$this", {"$literal": beginning}]}, 0]}
    return {"$anyElementTrue": {"$map": {"input": "$words", "as": "this", "in": begins}}}


def _timely(wanted: Wanted) -> Query:
    bounds = {}
    if wanted.since is not None:
        bounds["$gte"] = milliseconds(wanted.since)
    if wanted.until is not None:
        bounds["$lt"] = milliseconds(wanted.until)
    return {"at": bounds} if bounds else {}
