"""What an archive holds. Files do not change under their reader, or the checksums tell."""

import asyncio
from collections import Counter
from contextlib import closing
from itertools import islice
from pathlib import Path

from adapters.persistence.archive.reading import Lines
from application.ports.transfer import Place, Readable, Records, Section, Snapshot, place_of

BATCH = 2000

_SECTIONS = {
    "account": Section.ACCOUNTS,
    "room": Section.ROOMS,
    "membership": Section.MEMBERSHIPS,
    "message": Section.MESSAGES,
    "session": Section.SESSIONS,
    "star": Section.STARS,
}


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
    """A whole archive. It has been read once, to the end, before anybody takes anything from it:
    half a restored archive would be of no use."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with closing(Lines(path)) as lines:
            self._epoch = lines.epoch()
        with closing(Lines(path)) as lines:
            self._counts = Counter(str(fields.get("record")) for fields in lines.fields())

    @property
    def epoch(self) -> str:
        return self._epoch

    async def totals(self) -> dict[Section, int]:
        return {section: self._counts[name] for name, section in _SECTIONS.items()}
