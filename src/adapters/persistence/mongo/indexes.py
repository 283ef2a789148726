"""The collections and their indexes, in versions.

Documents need no schema, but what must be unique and what must be found needs an index. The `site`
document remembers how far that has come. Making an index that is there already does nothing, and
two nodes that start together may both make it: so no lock is needed here, only that the number
never goes down. It rises, too, with what an older program would misread: 2 brought stars, and
tokens, which it would take for browsers. 3 brought the days of messages, 4 the sessions that were
ended.
"""

from collections.abc import Mapping

import pymongo
from pymongo import ASCENDING, IndexModel

from adapters.persistence.mongo.driver import Catalog, Document
from application.ports.session_store import REMEMBERED

VERSION = 4
WITH_DAYS = 3

SITE = "site"
USERS = "users"
ROOMS = "rooms"
MEMBERSHIPS = "memberships"
MESSAGES = "messages"
SESSIONS = "sessions"
ENDED_SESSIONS = "ended_sessions"
STARS = "stars"

MILLISECONDS_OF_A_DAY = 86_400_000

MESSAGES_KEY = "messages_key"
MESSAGES_WORDS = "messages_words"

# Any text, but not null. Said like this, because the server must see from a query for a certain
# text that this index has all the answers: with {"$type": "string"} it does not see it.
_TEXT = {"$gte": ""}

# Of every collection, `_id` is the first index: (room, user) of memberships, (room, seq) of
# messages, so that pages go by it, (user, room, seq) of stars.
INDEXES: Mapping[str, tuple[IndexModel, ...]] = {
    USERS: (IndexModel({"folded": ASCENDING}, name="users_folded", unique=True),),
    # An archived room gives its name free.
    ROOMS: tuple(
        IndexModel(
            {field: ASCENDING},
            name=f"rooms_{field}",
            unique=True,
            partialFilterExpression={"in_use": True, field: _TEXT},
        )
        for field in ("folded", "direct_key")
    ),
    MEMBERSHIPS: (
        IndexModel({"_id.user": ASCENDING}, name="memberships_user"),
        IndexModel(
            {"present": ASCENDING},
            name="memberships_present",
            partialFilterExpression={"present": True},
        ),
    ),
    MESSAGES: (
        IndexModel(
            {"author": ASCENDING, "key": ASCENDING},
            name=MESSAGES_KEY,
            unique=True,
            partialFilterExpression={"key": _TEXT},
        ),
        # Scrubbing finds the entries that changed a message.
        IndexModel(
            {"_id.room": ASCENDING, "target": ASCENDING},
            name="messages_target",
            partialFilterExpression={"target": {"$gt": 0}},
        ),
        # Searching finds by it where in the log a day stands.
        IndexModel(
            {"_id.room": ASCENDING, "day": ASCENDING, "_id.seq": ASCENDING}, name="messages_day"
        ),
        # One entry for each word of a living post, in the order of the log; and some more, by
        # which posts are counted.
        IndexModel(
            {"_id.room": ASCENDING, "words": ASCENDING, "_id.seq": ASCENDING},
            name=MESSAGES_WORDS,
            partialFilterExpression={"words": {"$exists": True}},
        ),
    ),
    SESSIONS: (
        IndexModel({"digest": ASCENDING}, name="sessions_digest", unique=True),
        IndexModel({"user_id": ASCENDING}, name="sessions_user"),
    ),
    # The server itself forgets them, within another minute.
    ENDED_SESSIONS: (
        IndexModel(
            {"at": ASCENDING}, name="ended_sessions_at", expireAfterSeconds=REMEMBERED.seconds
        ),
    ),
    STARS: (
        # The latest first.
        IndexModel(
            {
                "_id.user": ASCENDING,
                "starred_at": ASCENDING,
                "_id.room": ASCENDING,
                "_id.seq": ASCENDING,
            },
            name="stars_starred",
        ),
        # Scrubbing and clearing go by the message.
        IndexModel({"_id.room": ASCENDING, "_id.seq": ASCENDING}, name="stars_message"),
    ),
}


async def tell_days(catalog: Catalog) -> None:
    """Of messages that were stored before there were days."""
    day: Document = {"$toLong": {"$floor": {"$divide": ["$at", MILLISECONDS_OF_A_DAY]}}}
    with pymongo.timeout(_LONGEST):
        await catalog[MESSAGES].update_many({"day": None}, [{"$set": {"day": day}}])


async def make_indexes(catalog: Catalog) -> None:
    """Makes the collections too: in a transaction, that would wait for others."""
    with pymongo.timeout(_LONGEST):
        for collection, indexes in INDEXES.items():
            await catalog[collection].create_indexes(list(indexes))


_LONGEST = 3600.0  # Seconds. An index that is new in a large database takes its time.
