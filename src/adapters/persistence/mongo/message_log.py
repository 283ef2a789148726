"""The logs of all rooms in MongoDB."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import pymongo

from adapters.persistence.mongo.calls import Calls, Query
from adapters.persistence.mongo.documents import LAST_SEQ
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.errors import Duplicate
from adapters.persistence.mongo.indexes import MESSAGES, STARS, USERS
from adapters.persistence.mongo.messages import (
    LIVING_POST,
    indexed_words,
    message_document,
    message_id,
    message_of,
    people_of,
)
from adapters.persistence.mongo.searching import find_wanted
from adapters.persistence.mongo.time import milliseconds
from adapters.persistence.mongo.transaction import Operation, Transaction
from adapters.persistence.mongo.unread import count_unread
from application.ports.message_log import KeyTaken, MessageLog, Unread
from domain.errors import StoreUnavailable
from domain.ids import RoomId, UserId
from domain.message import CHANGES, Kind, Message
from domain.search import Wanted


class MongoMessageLog(MessageLog):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def append(self, messages: Sequence[Message]) -> None:
        for room_id in {message.room_id for message in messages}:
            self._transaction.require_locked(room_id)
        if not messages:
            return
        documents = [message_document(message) for message in messages]
        await self._require_people(people_of(documents))
        try:
            await self._transaction.write(lambda calls: calls.insert(MESSAGES, documents))
        except Duplicate as error:
            raise (KeyTaken() if error.index == "author, key" else error) from error
        except StoreUnavailable as error:
            if self._transaction.was_overtaken:
                raise KeyTaken from error  # Or something else that calls for another look.
            raise

    async def find_by_keys(
        self, keys: Iterable[tuple[UserId, str]]
    ) -> dict[tuple[UserId, str], Message]:
        of_author: dict[UserId, set[str]] = {}
        for author_id, key in keys:
            of_author.setdefault(author_id, set()).add(key)
        if not of_author:
            return {}
        each = [
            {"author": author_id, "key": {"$in": sorted(own)}}
            for author_id, own in sorted(of_author.items())
        ]
        wanted = {"$or": each} if len(each) > 1 else each[0]
        found = await self._messages(
            lambda calls: calls.find(MESSAGES, wanted, fields=_WITHOUT_WORDS, order={"_id": 1})
        )
        return {(m.author.id, m.key): m for m in found if m.author and m.key}

    async def find(self, room_id: RoomId, seq: int) -> Message | None:
        this = {"_id": message_id(room_id, seq)}
        found = await self._messages(
            lambda calls: calls.find(MESSAGES, this, fields=_WITHOUT_WORDS)
        )
        return found[0] if found else None

    async def find_many(
        self, places: Iterable[tuple[RoomId, int]]
    ) -> dict[tuple[RoomId, int], Message]:
        ids = [message_id(room_id, seq) for room_id, seq in sorted(set(places))]
        if not ids:
            return {}
        these = {"_id": {"$in": ids}}
        found = await self._messages(
            lambda calls: calls.find(MESSAGES, these, fields=_WITHOUT_WORDS, order={"_id": 1})
        )
        return {(message.room_id, message.seq): message for message in found}

    async def list_before(self, room_id: RoomId, before: int, *, limit: int) -> list[Message]:
        wanted = {**_between(room_id, 0, before), **_NO_CHANGE}
        return (await self._page(wanted, -1, limit))[::-1]

    async def list_after(self, room_id: RoomId, after: int, *, limit: int) -> list[Message]:
        return await self._page({**_after(room_id, after), **_NO_CHANGE}, 1, limit)

    async def replay(self, room_id: RoomId, after: int, *, limit: int) -> list[Message]:
        return await self._page(_after(room_id, after), 1, limit)

    async def search(
        self, room_id: RoomId, wanted: Wanted, *, before: int, limit: int
    ) -> list[Message]:
        return await self._messages(
            lambda calls: find_wanted(calls, room_id, wanted, before=before, limit=limit)
        )

    async def edit(
        self,
        room_id: RoomId,
        seq: int,
        *,
        text: str,
        mentions: tuple[UserId, ...],
        edited_at: datetime,
    ) -> None:
        this = {"_id": message_id(room_id, seq), **LIVING_POST}
        values = {
            "text": text,
            "mentions": list(mentions),
            "edited_at": milliseconds(edited_at),
        }

        async def edited(calls: Calls) -> None:
            post = await calls.find_one(MESSAGES, this, {"author": 1})
            if post:
                words = indexed_words(text, post.get("author"), mentions)
                await calls.update(MESSAGES, this, {"$set": {**values, "words": words}})

        await self._transaction.write(edited)

    async def scrub(self, room_id: RoomId, seq: int) -> None:
        this = {"_id": message_id(room_id, seq), **LIVING_POST}
        edits = {
            "_id.room": room_id,
            "target": min(seq, LAST_SEQ),
            "kind": Kind.EDITED.value,
        }

        async def scrubbed(calls: Calls) -> None:
            marked = {"$set": {"deleted": True}, "$unset": {**_EMPTY, "words": ""}}
            if await calls.update(MESSAGES, this, marked):
                await calls.update_all(MESSAGES, edits, {"$unset": _EMPTY})
                await calls.delete(STARS, {"_id.room": room_id, "_id.seq": min(seq, LAST_SEQ)})

        await self._transaction.write(scrubbed)

    async def clear(self, room_id: RoomId, upto: int) -> None:
        erased = _between(room_id, 0, upto, inclusive=True)
        stars = {"_id.room": room_id, "_id.seq": {"$lte": min(upto, LAST_SEQ)}}

        async def cleared(calls: Calls) -> None:
            with pymongo.timeout(_TIME_TO_CLEAR):
                await calls.delete(MESSAGES, erased)
                await calls.delete(STARS, stars)

        await self._transaction.write(cleared)

    async def count_unread(
        self, read: Mapping[UserId, Mapping[RoomId, int]]
    ) -> dict[UserId, dict[RoomId, Unread]]:
        return await self._transaction.read(lambda calls: count_unread(calls, read))

    async def _page(self, wanted: Query, direction: int, limit: int) -> list[Message]:
        return await self._messages(
            lambda calls: calls.find(
                MESSAGES, wanted, fields=_WITHOUT_WORDS, order={"_id": direction}, limit=limit
            )
        )

    async def _messages(self, operation: Operation[list[Document]]) -> list[Message]:
        documents = await self._transaction.read(operation)
        ids = people_of(documents)
        people = await self._people(ids) if ids else []
        named = {person["_id"]: (person["username"], person["display_name"]) for person in people}
        return [message_of(document, named) for document in documents]

    async def _people(self, ids: set[UserId]) -> list[Document]:
        wanted = {"_id": {"$in": sorted(ids)}}
        people = await self._transaction.read(
            lambda calls: calls.find(
                USERS, wanted, fields={"username": 1, "display_name": 1}, order={"_id": 1}
            )
        )
        self._transaction.known.update(person["_id"] for person in people)
        return people

    async def _require_people(self, ids: set[UserId]) -> None:
        """Nothing else would notice that there is no such person. Whoever posts was looked up as
        a member just before."""
        unknown = ids - self._transaction.known
        if unknown:
            await self._people(unknown)
        if not ids <= self._transaction.known:
            raise RuntimeError("There is nobody with the id of a message's author or subject.")


# Seconds. A long log takes longer than a call may else; a server gives up after a minute.
_TIME_TO_CLEAR = 50.0

_WITHOUT_WORDS = {"words": 0}
_NO_CHANGE = {"kind": {"$nin": sorted(CHANGES)}}
_EMPTY = {"text": "", "mentions": ""}


def _after(room_id: RoomId, after: int) -> Query:
    return _between(room_id, after, LAST_SEQ, inclusive=True)


def _between(room_id: RoomId, after: int, before: int, *, inclusive: bool = False) -> Query:
    return {
        "_id": {
            "$gt": message_id(room_id, after),
            "$lte" if inclusive else "$lt": message_id(room_id, before),
        }
    }
