"""Writing an archive: beside its name until it is whole, and then under it."""

import asyncio
import hashlib
import os
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from adapters.persistence.archive.lines import end_line, manifest_line, summed
from adapters.persistence.archive.snapshot import ArchiveReadable
from adapters.persistence.archive.unfinished import opened, publish
from application.moving.line_writing import line_of
from application.ports.transfer import Filling, Place, Record, Records, place_of

_GZIP = 31  # How zlib is told to write what gunzip reads.


class ArchiveFilling(Filling):
    """Always from the beginning: an archive shows one moment, and what was interrupted showed an
    earlier one. Only its owner may read it, for it holds everybody's messages. Raises `OSError`
    where the file cannot be written; and `StoreUnusable`, if it may not be."""

    def __init__(self, path: Path, source_epoch: str) -> None:
        self._path = path
        self._part = path.with_name(f"unfinished-{path.name}")
        self._file = opened(self._part)
        self._is_published = False
        self._deflate = zlib.compressobj(6, wbits=_GZIP) if path.suffix == ".gz" else None
        self._hash = hashlib.sha256()
        self._count = 0
        self._place: Place | None = None
        self._write(manifest_line(source_epoch))

    @property
    def place(self) -> Place | None:
        return self._place

    async def write(self, records: Sequence[Record]) -> None:
        await asyncio.to_thread(self._write_all, records)
        self._place = place_of(records[-1])

    async def records(self, after: Place | None = None) -> Records:
        await asyncio.to_thread(self._flush, zlib.Z_SYNC_FLUSH)
        async for batch in ArchiveReadable(self._part, is_finished=False).records(after):
            yield batch

    async def finish(self, epoch: str) -> None:
        # The epoch is for whoever restores it: an archive does not live.
        self._write(end_line(self._count, self._hash.hexdigest()))
        await asyncio.to_thread(self._publish)

    def close(self) -> None:
        """What is not finished is deleted, before somebody else may write there."""
        # Whatever fails here has failed before, and was told then.
        with suppress(OSError):
            if not self._is_published:
                self._part.unlink()
        with suppress(OSError):
            self._file.close()

    def _publish(self) -> None:
        self._flush(zlib.Z_FINISH)
        os.fsync(self._file.fileno())
        publish(self._part, self._path)
        self._is_published = True

    def _write_all(self, records: Sequence[Record]) -> None:
        for record in records:
            self._write(summed(line_of(record)))
        self._count += len(records)

    def _write(self, line: bytes) -> None:
        self._hash.update(line)
        self._file.write(self._deflate.compress(line) if self._deflate else line)

    def _flush(self, mode: int) -> None:
        if self._deflate:
            self._file.write(self._deflate.flush(mode))
        self._file.flush()
