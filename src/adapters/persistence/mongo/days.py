"""Where in a room's log some days stand, so that a search for them need not go through the rest.

The clocks of nodes differ, and a log that was copied here may tell its times in any order: the seqs
between two moments are not found by halving. But for each day, an index knows the first and the
last seq, and the server goes through it day by day (a DISTINCT_SCAN).
"""

from datetime import timedelta

from adapters.persistence.mongo.calls import Calls, Query
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import MESSAGES
from adapters.persistence.mongo.time import day_of
from domain.ids import RoomId
from domain.search import Wanted


async def bounds_of(calls: Calls, room_id: RoomId, wanted: Wanted) -> Query | None:
    """What all seqs of messages that are timely have in common; others may have it, too. None if
    nothing was said in that time."""
    bounds: Document = {}
    if wanted.since is not None:
        bounds["$gte"] = await _outermost(calls, room_id, wanted, "$min")
    if wanted.until is not None:
        bounds["$lte"] = await _outermost(calls, room_id, wanted, "$max")
    return None if None in bounds.values() else bounds


async def _outermost(calls: Calls, room_id: RoomId, wanted: Wanted, which: str) -> int | None:
    direction = 1 if which == "$min" else -1
    stages: list[Document] = [
        {"$match": {"_id.room": room_id, **_not_later(wanted)}},
        {"$sort": {"day": direction, "_id.seq": direction}},
        {"$group": {"_id": "$day", "seq": {"$first": "$_id.seq"}}},
        {"$match": _not_earlier(wanted)},
        {"$group": {"_id": None, "seq": {which: "$seq"}}},
    ]
    found = await calls.aggregate(MESSAGES, stages)
    return int(found[0]["seq"]) if found else None


# A node of an older version writes no day. What it wrote may be of any: an index has it as null,
# which is not later, nor earlier, than anything.
def _not_later(wanted: Wanted) -> Query:
    if wanted.until is None:
        return {}
    return {"day": {"$not": {"$gt": day_of(wanted.until - timedelta(milliseconds=1))}}}


def _not_earlier(wanted: Wanted) -> Query:
    if wanted.since is None:
        return {}
    return {"_id": {"$not": {"$lt": day_of(wanted.since)}}}
