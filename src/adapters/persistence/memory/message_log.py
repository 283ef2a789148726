"""The logs of all rooms in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from adapters.persistence.memory.journal import Journal
from adapters.persistence.memory.star_repository import forget_stars
from adapters.persistence.memory.tables import Tables
from adapters.persistence.memory.word_index import WordIndex
from application.ports.message_log import MOST_UNREAD, KeyTaken, MessageLog, Unread
from domain.ids import RoomId, UserId
from domain.message import CHANGES, Kind, Message
from domain.search import Wanted
from domain.user import Person


class MemoryMessageLog(MessageLog):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._tables = tables
        self._journal = journal
        self._words = WordIndex(tables, journal)

    async def append(self, messages: Sequence[Message]) -> None:
        self._journal.require_writable()
        for message in messages:
            self._journal.require_locked(message.room_id)
            self._require_known(message)
            self._take_key(message)
            self._take_seq(message)
            self._journal.put(self._tables.logs[message.room_id], message.seq, message)
            self._words.add(message)
            if message.kind is Kind.EDITED and message.target is not None:
                change = (message.room_id, message.target)
                seqs = self._tables.changes.get(change, ())
                self._journal.put(self._tables.changes, change, (*seqs, message.seq))

    async def find_by_keys(
        self, keys: Iterable[tuple[UserId, str]]
    ) -> dict[tuple[UserId, str], Message]:
        places = {key: self._tables.keys[key] for key in keys if key in self._tables.keys}
        return {
            key: self._shown(self._tables.logs[room_id][seq])
            for key, (room_id, seq) in places.items()
        }

    async def find(self, room_id: RoomId, seq: int) -> Message | None:
        message = self._tables.logs[room_id].get(seq)
        return message and self._shown(message)

    async def find_many(
        self, places: Iterable[tuple[RoomId, int]]
    ) -> dict[tuple[RoomId, int], Message]:
        found = {(room_id, seq): self._tables.logs[room_id].get(seq) for room_id, seq in places}
        return {place: self._shown(message) for place, message in found.items() if message}

    async def list_before(self, room_id: RoomId, before: int, *, limit: int) -> list[Message]:
        first, last = self._bounds(room_id)
        seqs = range(min(before - 1, last), first - 1, -1)
        return self._page(room_id, seqs, limit, without=CHANGES)[::-1]

    async def list_after(self, room_id: RoomId, after: int, *, limit: int) -> list[Message]:
        return self._page(room_id, self._seqs_after(room_id, after), limit, without=CHANGES)

    async def replay(self, room_id: RoomId, after: int, *, limit: int) -> list[Message]:
        return self._page(room_id, self._seqs_after(room_id, after), limit)

    async def search(
        self, room_id: RoomId, wanted: Wanted, *, before: int, limit: int
    ) -> list[Message]:
        log = self._tables.logs[room_id]
        found = (log[seq] for seq in self._words.find(room_id, wanted) if seq < before)
        timely = (message for message in found if wanted.is_timely(message.at))
        return [self._shown(message) for message in islice(timely, limit)]

    async def edit(
        self,
        room_id: RoomId,
        seq: int,
        *,
        text: str,
        mentions: tuple[UserId, ...],
        edited_at: datetime,
    ) -> None:
        self._journal.require_writable()
        log = self._tables.logs[room_id]
        message = log.get(seq)
        if message and message.kind is Kind.POSTED and not message.deleted:
            edited = replace(message, text=text, mentions=mentions, edited_at=edited_at)
            self._words.drop(message)
            self._journal.put(log, seq, edited)
            self._words.add(edited)

    async def scrub(self, room_id: RoomId, seq: int) -> None:
        self._journal.require_writable()
        log = self._tables.logs[room_id]
        message = log.get(seq)
        if message is None or message.kind is not Kind.POSTED or message.deleted:
            return
        self._words.drop(message)
        self._journal.put(log, seq, replace(message, text="", mentions=(), deleted=True))
        if not message.deleted:
            forget_stars(self._tables, self._journal, room_id, first=seq, last=seq)
        for change in self._tables.changes.get((room_id, seq), ()):
            self._journal.put(log, change, replace(log[change], text="", mentions=()))

    async def clear(self, room_id: RoomId, upto: int) -> None:
        self._journal.require_writable()
        forget_stars(self._tables, self._journal, room_id, last=upto)
        first, last = self._bounds(room_id)
        for seq in range(first, min(upto, last) + 1):
            self._erase(room_id, seq)
        if upto >= last:
            self._journal.drop(self._tables.bounds, room_id)
        else:
            self._journal.put(self._tables.bounds, room_id, (max(first, upto + 1), last))

    async def count_unread(
        self, read: Mapping[UserId, Mapping[RoomId, int]]
    ) -> dict[UserId, dict[RoomId, Unread]]:
        return {
            user_id: {room_id: self._unread(user_id, room_id, seq) for room_id, seq in mine.items()}
            for user_id, mine in read.items()
        }

    def _require_known(self, message: Message) -> None:
        for person in (message.author, message.subject):
            if person is not None and person.id not in self._tables.users:
                raise RuntimeError(f"Nobody has the id {person.id} of a message's person.")

    def _take_key(self, message: Message) -> None:
        if message.author is None or message.key is None:
            return
        key = (message.author.id, message.key)
        if key in self._tables.keys:
            self._journal.spoil()
            raise KeyTaken
        self._journal.put(self._tables.keys, key, (message.room_id, message.seq))

    def _take_seq(self, message: Message) -> None:
        first, last = self._tables.bounds.get(message.room_id, (message.seq, message.seq - 1))
        if message.seq != last + 1:
            raise RuntimeError(f"Message {message.seq} cannot follow {last} in {message.room_id}.")
        self._journal.put(self._tables.bounds, message.room_id, (first, message.seq))

    def _erase(self, room_id: RoomId, seq: int) -> None:
        message = self._tables.logs[room_id][seq]
        self._words.drop(message)
        self._journal.drop(self._tables.logs[room_id], seq)
        self._journal.drop(self._tables.changes, (room_id, seq))
        if message.author and message.key:
            self._journal.drop(self._tables.keys, (message.author.id, message.key))

    def _unread(self, user_id: UserId, room_id: RoomId, read: int) -> Unread:
        log = self._tables.logs[room_id]
        entries = (log[seq] for seq in self._seqs_after(room_id, read))
        living = [each for each in entries if each.kind is Kind.POSTED and not each.deleted]
        posts = sum(not each.is_by(user_id) for each in living[:MOST_UNREAD])
        mentions = sum(user_id in each.mentions and not each.is_by(user_id) for each in living)
        return Unread(posts, min(mentions, MOST_UNREAD))

    def _bounds(self, room_id: RoomId) -> tuple[int, int]:
        return self._tables.bounds.get(room_id, (1, 0))

    def _seqs_after(self, room_id: RoomId, after: int) -> range:
        first, last = self._bounds(room_id)
        return range(max(after + 1, first), last + 1)

    def _page(
        self,
        room_id: RoomId,
        seqs: range,
        limit: int,
        *,
        without: frozenset[Kind] = frozenset(),
    ) -> list[Message]:
        log = self._tables.logs[room_id]
        found = (log[seq] for seq in seqs if log[seq].kind not in without)
        return [self._shown(message) for message in islice(found, limit)]

    def _shown(self, message: Message) -> Message:
        author, subject = self._named(message.author), self._named(message.subject)
        if author is message.author and subject is message.subject:
            return message
        return replace(message, author=author, subject=subject)

    def _named(self, person: Person | None) -> Person | None:
        """The person as they are called now; the same object where nothing changed."""
        if person is None:
            return None
        now = self._tables.users[person.id].person
        return person if now == person else now
