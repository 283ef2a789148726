"""What an archive holds. Files do not change under their reader, or the checksums tell."""

import asyncio
from collections import Counter
from contextlib import closing
from itertools import islice
from pathlib import Path

from adapters.persistence.archive.reading import Lines
from application.ports.transfer import Place, Readable, Records, Section, Snapshot, place_of
from domain.room import Room, Visibility

BATCH = 2000


class ArchiveReadable(Readable):
    def __init__(self, path: Path, *, is_finished: bool = True) -> None:
        self._path = path
        self._is_finished = is_finished

    async def records(self, after: Place | None = None) -> Records:
        with closing(Lines(self._path, is_finished=self._is_finished)) as lines:
            found = lines.records()
            while True:
                batch = await asyncio.to_thread(lambda: list(islice(found, BATCH)))
                if not batch:
                    return
                later = [record for record in batch if after is None or place_of(record) > after]
                if later:
                    yield later


class ArchiveSnapshot(ArchiveReadable, Snapshot):
    """A whole archive. It has been read once, to the end and as records, before anybody takes
    anything from it: half a restored archive would be of no use."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with closing(Lines(path)) as lines:
            self._epoch = lines.epoch()
        with closing(Lines(path)) as lines:
            self._counts: Counter[Section] = Counter()
            self._rooms: Counter[Visibility] = Counter()
            for record in lines.records():
                self._counts[place_of(record).section] += 1
                if isinstance(record, Room) and not record.is_archived:
                    self._rooms[record.visibility] += 1

    @property
    def epoch(self) -> str:
        return self._epoch

    async def totals(self) -> dict[Section, int]:
        return {section: self._counts[section] for section in Section}

    async def rooms(self) -> dict[Visibility, int]:
        return {visibility: self._rooms[visibility] for visibility in Visibility}

    async def size(self) -> int | None:
        return self._path.stat().st_size
