from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from application.moving.reading_ahead import ahead
from application.moving.tally import Advance, Comparison, Tallies, compare, tally
from application.ports.id_source import IdSource
from application.ports.transfer import (
    Filling,
    Movable,
    Place,
    Record,
    Section,
    Snapshot,
    place_of,
)
from domain.ids import RoomId
from domain.room import Room


class Stage(StrEnum):
    COPYING = "Copying"
    VERIFYING = "Verifying"


class Progress(Protocol):
    """Who watches. Told before each stage how many records there are in it."""

    def __call__(self, stage: Stage, total: int) -> Advance: ...


@dataclass(frozen=True, slots=True)
class Copied:
    """What was compared, and what of the source was written to meanwhile: names of rooms and of
    sections. The copy is finished only if everything is equal, and nothing was written to or
    that was allowed."""

    comparisons: list[Comparison]
    written_meanwhile: list[str] = field(default_factory=list)
    finished: bool = False

    @property
    def is_equal(self) -> bool:
        return all(comparison.is_equal for comparison in self.comparisons)


class CopyStore:
    """An operator carries everything from one store into an empty one: a copy, a backup, a
    restore. The source is only read. Ids and seqs stay as they are; the copy lives a life of its
    own, so that clients of the source do not take it for the same. An interrupted copy goes on
    where it was when it is started again."""

    def __init__(self, ids: IdSource) -> None:
        self._ids = ids

    async def __call__(
        self, source: Movable, target: Movable, progress: Progress, *, online: bool = False
    ) -> Copied:
        """`online`: the source may be written to meanwhile, and the copy is what it was when it
        began. Raises `StoreUnusable`."""
        async with source.read() as snapshot, target.fill(snapshot.epoch) as filling:
            total = sum((await snapshot.totals()).values())
            original = await _copy(snapshot, filling, progress(Stage.COPYING, total))
            copy = await tally(filling.records(), progress(Stage.VERIFYING, total))
            comparisons = compare(original, copy)
            copied = Copied(comparisons, [] if online else await _changes(snapshot, source))
            if not copied.is_equal or copied.written_meanwhile:
                return copied
            await filling.finish(self._ids.new_id())
        return Copied(comparisons, finished=True)


async def _copy(snapshot: Snapshot, filling: Filling, advance: Advance) -> Tallies:
    """What the source holds. What the target has already from an interrupted copy is counted
    and not written again."""
    tallies = Tallies()
    async with ahead(snapshot.records()) as batches:
        async for records in batches:
            tallies.add_all(records)
            missing = _after(filling.place, records)
            if missing:
                await filling.write(missing)
            advance(len(records))
    return tallies


def _after(place: Place | None, records: Sequence[Record]) -> Sequence[Record]:
    if place is None or place_of(records[0]) > place:
        return records
    return [record for record in records if place_of(record) > place]


async def _changes(snapshot: Snapshot, source: Movable) -> list[str]:
    """What differs between the source as it was read and as it is now."""
    before, totals_before = await _rooms(snapshot), await snapshot.totals()
    async with source.read() as later:
        now, totals_now = await _rooms(later), await later.totals()
    names = [
        room.name.value if room.name else "(direct)"
        for room_id, room in {**before, **now}.items()
        if before.get(room_id) != now.get(room_id)
    ]
    sections = [
        section.name.lower() for section in Section if totals_before[section] != totals_now[section]
    ]
    return sorted(names) + sections


async def _rooms(snapshot: Snapshot) -> dict[RoomId, Room]:
    found: dict[RoomId, Room] = {}
    async with aclosing(snapshot.records(Place(Section.ACCOUNTS, (_LAST_ID,)))) as batches:
        async for records in batches:
            rooms = [record for record in records if isinstance(record, Room)]
            found.update({room.id: room for room in rooms})
            if len(rooms) < len(records):
                break
    return found


_LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"
