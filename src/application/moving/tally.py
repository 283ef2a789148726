"""Counting and hashing what a store holds, so that two stores can be told apart without keeping
either in memory."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from application.moving.line_writing import line_of
from application.ports.transfer import Record, Records, Section, place_of
from domain.ids import RoomId
from domain.message import Message
from domain.room import Room

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


async def tally(records: Records, advance: Advance, *, without: Section | None = None) -> Tallies:
    """Of all of them, or of all but a section, which is read and not looked at."""
    tallies = Tallies()
    async with aclosing(records):
        async for batch in records:
            tallies.add_all([each for each in batch if place_of(each).section is not without])
            advance(len(batch))
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
