"""Searching by the index of words: (room, word, seq), one entry for each word of a post.

The index can be gone through for one word only, in the order of the log. So it is gone through for
the rarest word, and whatever else is wanted is asked of the posts that are met there. These further
conditions are expressions, because no index serves an expression: were they conditions on `words`,
the server might choose to go by one of them.
"""

import re

from adapters.persistence.mongo.calls import Calls, Query
from adapters.persistence.mongo.days import bounds_of
from adapters.persistence.mongo.documents import LAST_SEQ
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import MESSAGES, MESSAGES_WORDS
from adapters.persistence.mongo.messages import LIVING, by_author
from adapters.persistence.mongo.time import milliseconds
from domain.ids import RoomId
from domain.search import Wanted

# A word that stands in more posts than these is common; which of two such is rarer costs more to
# find out than it saves.
_COMMON = 2000
# Seqs that are looked at together: at first, how many times more then, and so many at most where
# each post may have to be read, so that no call takes longer than a call may.
_STRETCH, _GROWTH = 100, 8
_LONGEST_STRETCH = 100_000


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
    longest_stretch = None
    if words:
        word, is_common = await _rarest(calls, place, sorted(words))
        words.remove(word)
        first: object = word
        if is_common and (words or beginnings or wanted.without):
            longest_stretch = _LONGEST_STRETCH
    else:
        # The longest one is the beginning of the fewest words.
        longest = max(sorted(beginnings), key=len)
        beginnings.remove(longest)
        # The server sees that the index can answer this alone, which it does not for $elemMatch.
        first = {"$regex": f"^{re.escape(longest)}"}
        longest_stretch = LAST_SEQ
    conditions = [*map(_has, sorted(words)), *map(_has_beginning, sorted(beginnings))]
    conditions += [{"$not": [_has(word)]} for word in sorted(wanted.without)]
    further = {"$expr": {"$and": conditions}} if conditions else {}
    query = {"words": first, **_timely(wanted), **further}
    if longest_stretch is not None:
        return await _from_the_end(calls, place, query, limit=limit, longest=longest_stretch)
    return await _ordered(calls, {**place, **query}, limit=limit)


_WITHOUT_WORDS = {"words": 0}


async def _rarest(calls: Calls, query: Query, words: list[str]) -> tuple[str, bool]:
    """Of several words, the one that stands in the fewest posts; and whether it may be common."""
    if len(words) == 1:
        return words[0], True
    found = {
        word: await calls.count(
            MESSAGES, {**query, "words": word}, hint=MESSAGES_WORDS, limit=_COMMON
        )
        for word in words
    }
    rarest = min(words, key=lambda word: found[word])
    return rarest, found[rarest] == _COMMON


async def _from_the_end(
    calls: Calls, place: Document, query: Query, *, limit: int, longest: int
) -> list[Document]:
    """Hits of many words have to be put in order, and a short beginning may have a million. But
    within some seqs, the index finds them with a few steps for each word. So a short stretch at the
    end comes first, and longer ones as long as there were too few hits. Common words that hardly
    ever meet take as many calls as there are stretches, none of which takes too long."""
    posts = {**place, "words": LIVING}
    last = await calls.find(
        MESSAGES, posts, fields={"_id": 1}, order={"_id.seq": -1}, limit=1, index=MESSAGES_WORDS
    )
    lowest = place["_id.seq"].get("$gte", 0)
    before, length = last[0]["_id"]["seq"] + 1 if last else lowest, _STRETCH
    found: list[Document] = []
    while before > lowest and len(found) < limit:
        since = max(lowest, before - length)
        stretch = {**place, **query, "_id.seq": {"$gte": since, "$lt": before}}
        found += await _ordered(calls, stretch, limit=limit - len(found))
        before, length = since, min(length * _GROWTH, longest)
    return found


async def _ordered(calls: Calls, query: Query, *, limit: int) -> list[Document]:
    return await calls.find(
        MESSAGES,
        query,
        fields=_WITHOUT_WORDS,
        order={"_id.seq": -1},
        limit=limit,
        index=MESSAGES_WORDS,
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
