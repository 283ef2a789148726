"""The logs of all rooms in SQL."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Executable

from adapters.persistence.sql import log_statements as sql
from adapters.persistence.sql.days import stretch_of
from adapters.persistence.sql.messages import mentions_value, message_of, message_values
from adapters.persistence.sql.prepared import Values
from adapters.persistence.sql.statements import LAST_SEQ, as_rows, places_as_rows
from adapters.persistence.sql.time import milliseconds
from adapters.persistence.sql.transaction import Transaction
from adapters.persistence.sql.unread import count_unread
from adapters.persistence.sql.word_index import FAR_SEQ, Beginnings, indexed_words
from adapters.persistence.sql.word_indexes import word_index
from application.ports.message_log import MessageLog, Unread
from domain.ids import RoomId, UserId
from domain.message import Kind, Message
from domain.search import Wanted

_Mention = tuple[RoomId, UserId, int]


class SqlMessageLog(MessageLog):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._index = word_index(transaction.dialect)

    async def append(self, messages: Sequence[Message]) -> None:
        for room_id in {message.room_id for message in messages}:
            self._transaction.require_locked(room_id)
        if not messages:
            return
        # Two nodes that store the same keys in two rooms would else wait for each other.
        in_key_order = sorted(messages, key=_key)
        await self._insert([message_values(message) for message in in_key_order])
        await self.index(messages)

    async def index(self, messages: Sequence[Message]) -> None:
        """Let what has just been inserted be found: by its words and by whom it mentions."""
        await self._add_mentions(place for message in messages for place in _mentioned(message))
        await self._add_words(messages)

    async def find_by_keys(
        self, keys: Iterable[tuple[UserId, str]]
    ) -> dict[tuple[UserId, str], Message]:
        found = await self._messages(sql.BY_KEYS, {"author_keys": as_rows(set(keys))})
        return {(m.author.id, m.key): m for m in found if m.author and m.key}

    async def find(self, room_id: RoomId, seq: int) -> Message | None:
        row = await self._transaction.row(sql.FIND, _place(room_id, seq))
        return message_of(row) if row else None

    async def find_many(
        self, places: Iterable[tuple[RoomId, int]]
    ) -> dict[tuple[RoomId, int], Message]:
        found = await self._messages(sql.AT_PLACES, {"places": places_as_rows(places)})
        return {(message.room_id, message.seq): message for message in found}

    async def list_before(self, room_id: RoomId, before: int, *, limit: int) -> list[Message]:
        found = await self._messages(sql.BEFORE, {**_place(room_id, before), "limit": limit})
        return found[::-1]

    async def list_after(self, room_id: RoomId, after: int, *, limit: int) -> list[Message]:
        return await self._messages(sql.AFTER, {**_place(room_id, after), "limit": limit})

    async def replay(self, room_id: RoomId, after: int, *, limit: int) -> list[Message]:
        return await self._messages(sql.REPLAY, {**_place(room_id, after), "limit": limit})

    async def search(
        self, room_id: RoomId, wanted: Wanted, *, before: int, limit: int
    ) -> list[Message]:
        stretch = await stretch_of(self._transaction, room_id, wanted)
        if stretch is None:
            return []
        values = {
            "room": room_id,
            **self._index.asked(wanted),
            "first": stretch.first,
            "before": min(before, stretch.last + 1),
            "since": stretch.since,
            "until": stretch.until,
            "limit": limit,
        }
        if wanted.beginnings and self._index.beginnings:
            return await self._find_begun(self._index.beginnings, wanted, values)
        return await self._messages(self._index.find, values)

    async def edit(
        self,
        room_id: RoomId,
        seq: int,
        *,
        text: str,
        mentions: tuple[UserId, ...],
        edited_at: datetime,
    ) -> None:
        place = _place(room_id, seq)
        changed = {
            "new_text": text,
            "new_mentions": mentions_value(mentions),
            "new_edited_at": milliseconds(edited_at),
        }
        if await self._transaction.write(sql.EDIT, {**place, **changed}):
            await self._transaction.write(sql.FORGET_MENTIONS, place)
            await self._add_mentions(_mentions(room_id, seq, mentions))
            await self._forget_words(room_id, seq, seq)
            edited = await self.find(room_id, seq)
            await self._add_words([edited] if edited else [])

    async def scrub(self, room_id: RoomId, seq: int) -> None:
        place = _place(room_id, seq)
        if await self._transaction.write(sql.SCRUB, place):
            await self._transaction.write(sql.SCRUB_EDITS, place)
            await self._transaction.write(sql.FORGET_MENTIONS, place)
            await self._transaction.write(sql.FORGET_STARS, place)
            await self._forget_words(room_id, seq, seq)

    async def clear(self, room_id: RoomId, upto: int) -> None:
        await self._transaction.write(sql.CLEAR_MENTIONS, _place(room_id, upto))
        await self._transaction.write(sql.CLEAR_STARS, _place(room_id, upto))
        await self._transaction.write(sql.CLEAR, _place(room_id, upto))
        await self._forget_words(room_id, 0, upto)

    async def count_unread(
        self, read: Mapping[UserId, Mapping[RoomId, int]]
    ) -> dict[UserId, dict[RoomId, Unread]]:
        return await count_unread(self._transaction, read)

    async def _insert(self, rows: list[dict[str, Any]]) -> None:
        if self._transaction.dialect == "sqlite":
            await self._transaction.write_soon(sql.APPEND, rows)
        else:
            new = as_rows(tuple(row.values()) for row in rows)
            await self._transaction.write_soon(sql.APPEND_ALL, [{"new": new}])

    async def _add_mentions(self, places: Iterable[_Mention]) -> None:
        if new := list(places):
            await self._transaction.write_soon(sql.MENTION, [{"new_mentions": as_rows(new)}])

    async def _add_words(self, messages: Sequence[Message]) -> None:
        indexed = [(message, indexed_words(message)) for message in messages]
        rows = [
            (message.room_id, message.seq, self._index.written(words))
            for message, words in indexed
            if words
        ]
        if rows:
            await self._transaction.write_soon(self._index.add, self._index.added(rows))

    async def _find_begun(
        self, beginnings: Beginnings, wanted: Wanted, values: Values
    ) -> list[Message]:
        latest = await self._messages(beginnings.find_latest, values)
        if len(latest) == values["limit"]:
            return latest
        if wanted.has_whole and await self._are_few(beginnings, values):
            return await self._messages(beginnings.find_among_few, values)
        return await self._messages(self._index.find, values)

    async def _are_few(self, beginnings: Beginnings, values: Values) -> bool:
        """Whether few posts have the whole words: then the beginnings are looked for in those."""
        row = await self._transaction.row(beginnings.count_few, values)
        assert row is not None
        return bool(row.count <= beginnings.few)

    async def _forget_words(self, room_id: RoomId, first: int, last: int) -> None:
        values = {"room": room_id, "first": first, "last": min(last, FAR_SEQ)}
        await self._transaction.write(self._index.forget, values)

    async def _messages(self, statement: Executable, values: Values) -> list[Message]:
        return [message_of(row) for row in await self._transaction.rows(statement, values)]


def _place(room_id: RoomId, seq: int) -> Values:
    return {"room": room_id, "place": min(seq, LAST_SEQ)}


def _key(message: Message) -> tuple[str, str, int]:
    return message.author.id if message.author else "", message.key or "", message.seq


def _mentioned(message: Message) -> list[_Mention]:
    if message.kind is not Kind.POSTED or not message.mentions:
        return []
    return _mentions(message.room_id, message.seq, message.mentions)


def _mentions(room_id: RoomId, seq: int, mentions: tuple[UserId, ...]) -> list[_Mention]:
    return [(room_id, user_id, seq) for user_id in set(mentions)]
