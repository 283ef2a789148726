"""Counting and hashing what a store holds, so that two stores can be told apart without keeping
either in memory."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from application.moving.line_writing import line_of
from application.moving.reading_ahead import ahead
from application.ports.transfer import Place, Readable, Record, Records, Section, place_of
from domain.ids import RoomId
from domain.message import Message
from domain.room import Room

# Where a message would stand that comes after all others, and before all that is none.
_LAST_MESSAGE = Place(Section.MESSAGES, ("ffffffff-ffff-ffff-ffff-ffffffffffff", 2**63 - 1))

# Called with the number of records that were dealt with since the last time.
Advance = Callable[[int], None]


@dataclass(slots=True)
class Tally:
    """How many records there were, and a hash over all their lines in their order."""

    count: int = 0
    _hash: "hashlib.blake2b" = field(default_factory=lambda: hashlib.blake2b(digest_size=16))

    def add(self, line: str) -> None:
        self.count += 1
        self._hash.update(line.encode())
        self._hash.update(b"\n")

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()


@dataclass(slots=True)
class Tallies:
    """One for each section but the messages, and one for the messages of each room."""

    sections: dict[Section, Tally] = field(default_factory=dict)
    logs: dict[RoomId, Tally] = field(default_factory=dict)
    rooms: dict[RoomId, Room] = field(default_factory=dict)

    def add_all(self, records: Sequence[Record]) -> None:
        for record in records:
            self.add(record)

    def add(self, record: Record) -> None:
        if isinstance(record, Message):
            tally = self.logs.setdefault(record.room_id, Tally())
        else:
            tally = self.sections.setdefault(place_of(record).section, Tally())
        if isinstance(record, Room):
            self.rooms[record.id] = record
            self.logs.setdefault(record.id, Tally())
        tally.add(line_of(record))


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of the table: the same part of two stores. `what` is a section, or a room's
    name."""

    what: str
    count: int
    other_count: int
    digest: str
    other_digest: str

    @property
    def is_equal(self) -> bool:
        return (self.count, self.digest) == (self.other_count, self.other_digest)


async def tallied(records: Records, tallies: Tallies) -> Records:
    """The same records, each in the tallies when it comes out."""
    async with aclosing(records):
        async for batch in records:
            tallies.add_all(batch)
            yield batch


async def tally(records: Records, advance: Advance) -> Tallies:
    tallies = Tallies()
    async with ahead(records) as batches:
        async for batch in batches:
            tallies.add_all(batch)
            advance(len(batch))
    return tallies


async def tally_without_messages(readable: Readable) -> Tallies:
    """Of all other sections. The messages, which are nearly everything, are not read."""
    tallies = Tallies()
    async with aclosing(readable.records()) as batches:
        async for batch in batches:
            before = [each for each in batch if place_of(each).section < Section.MESSAGES]
            tallies.add_all(before)
            if len(before) < len(batch):
                break
    async with aclosing(readable.records(_LAST_MESSAGE)) as batches:
        async for batch in batches:
            tallies.add_all(batch)
    return tallies


def compare(one: Tallies, other: Tallies) -> list[Comparison]:
    """Sections first, then rooms by name."""
    rooms = {**other.rooms, **one.rooms}
    names = {room_id: name_of(room) for room_id, room in rooms.items()}
    ids = sorted({*one.logs, *other.logs}, key=lambda room_id: (names.get(room_id, ""), room_id))
    return compare_sections(one, other) + [
        _compared(names.get(room_id, room_id), one.logs.get(room_id), other.logs.get(room_id))
        for room_id in ids
    ]


def compare_sections(one: Tallies, other: Tallies) -> list[Comparison]:
    """All but the messages, which are compared by room."""
    return [
        _compared(section.name.lower(), one.sections.get(section), other.sections.get(section))
        for section in Section
        if section is not Section.MESSAGES
    ]


def name_of(room: Room) -> str:
    return room.name.value if room.name else "(direct)"


def _compared(what: str, one: Tally | None, other: Tally | None) -> Comparison:
    one, other = one or Tally(), other or Tally()
    return Comparison(what, one.count, other.count, one.digest, other.digest)
