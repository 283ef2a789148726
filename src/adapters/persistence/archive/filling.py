"""Writing an archive: beside its name until it is whole, and then under it."""

import asyncio
import fcntl
import gzip
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from adapters.persistence.archive.lines import end_line, manifest_line, summed
from adapters.persistence.archive.snapshot import ArchiveReadable
from application.moving.line_writing import line_of
from application.ports.store import StoreUnusable
from application.ports.transfer import Filling, Place, Record, Records, place_of


class ArchiveFilling(Filling):
    """Always from the beginning: an archive shows one moment, and what was interrupted showed an
    earlier one. Only its owner may read it, for it holds everybody's messages."""

    def __init__(self, path: Path, source_epoch: str) -> None:
        self._path = path
        self._part = path.with_name(f"unfinished-{path.name}")
        self._file = _opened(self._part)
        self._out: IO[bytes] | gzip.GzipFile = self._file
        if path.suffix == ".gz":
            self._out = gzip.GzipFile(fileobj=self._file, mode="wb", compresslevel=6, mtime=0)
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
        self._out.flush()
        async for batch in ArchiveReadable(self._part, is_finished=False).records(after):
            yield batch

    async def finish(self, epoch: str) -> None:
        # The epoch is for whoever restores it: an archive does not live.
        self._write(end_line(self._count, self._hash.hexdigest()))
        if self._out is not self._file:
            self._out.close()
        self._file.flush()
        await asyncio.to_thread(os.fsync, self._file.fileno())
        self._part.rename(self._path)
        directory = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def close(self) -> None:
        self._file.close()

    def _write_all(self, records: Sequence[Record]) -> None:
        for record in records:
            self._write(summed(line_of(record)))
        self._count += len(records)

    def _write(self, line: bytes) -> None:
        self._hash.update(line)
        self._out.write(line)


def _opened(part: Path) -> IO[bytes]:
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(descriptor, 0)
    except BlockingIOError as error:
        raise StoreUnusable(f"{part} is being written by somebody else.") from error
    except OSError as error:
        raise StoreUnusable(f"{part} cannot be written: {error.strerror}.") from error
    return os.fdopen(descriptor, "wb")
