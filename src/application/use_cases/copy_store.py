from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from application.moving.portions import portions
from application.moving.reading_ahead import ahead
from application.moving.tally import (
    Advance,
    Comparison,
    Tallies,
    compare,
    compare_sections,
    name_of,
    tallied,
    tally,
    tally_without_messages,
)
from application.ports.id_source import IdSource
from application.ports.transfer import (
    Filling,
    Movable,
    Place,
    Record,
    Snapshot,
    place_of,
)


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
            copied = Copied(comparisons, [] if online else await _changes(original, source))
            if not copied.is_equal or copied.written_meanwhile:
                return copied
            await filling.finish(self._ids.new_id())
        return Copied(comparisons, finished=True)


async def _copy(snapshot: Snapshot, filling: Filling, advance: Advance) -> Tallies:
    """What the source holds. What the target has already from an interrupted copy is counted
    and not written again."""
    tallies = Tallies()
    # The tallies are made ahead, too: while the target is busy with what was read before.
    async with ahead(tallied(snapshot.records(), tallies)) as batches:
        async for records in batches:
            for portion in portions(_after(filling.place, records)):
                await filling.write(portion)
            advance(len(records))
    return tallies


def _after(place: Place | None, records: Sequence[Record]) -> Sequence[Record]:
    if place is None or place_of(records[0]) > place:
        return records
    return [record for record in records if place_of(record) > place]


async def _changes(original: Tallies, source: Movable) -> list[str]:
    """What of the source is no longer as it was read. A room's head tells of its messages."""
    async with source.read() as later:
        now = await tally_without_messages(later)
    rooms = {**original.rooms, **now.rooms}
    written = [
        name_of(room)
        for room_id, room in rooms.items()
        if original.rooms.get(room_id) != now.rooms.get(room_id)
    ]
    sections = [
        each.what
        for each in compare_sections(original, now)
        if not each.is_equal and each.what != "rooms"
    ]
    return sorted(written) + sections
