"""An archive as something to move."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.persistence.archive.filling import ArchiveFilling
from adapters.persistence.archive.snapshot import ArchiveSnapshot
from adapters.persistence.archive.unfinished import require_free
from application.moving.refusing import RefusingFilling
from application.ports.store import StoreMisaddressed, StoreUnusable
from application.ports.transfer import Filling, Movable, Snapshot

SCHEME = "archive:///"


class ArchiveMovable(Movable):
    """`url` is archive:///relative/path or archive:////absolute/path. A name that ends in .gz
    is compressed. Raises `StoreUnusable` for others."""

    def __init__(self, url: str) -> None:
        self._path = _path_in(url).absolute()

    @property
    def name(self) -> str:
        return str(self._path)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Snapshot]:
        yield await asyncio.to_thread(ArchiveSnapshot, self._path)

    @asynccontextmanager
    async def fill(self, source_epoch: str) -> AsyncIterator[Filling]:
        require_free(self._path)
        async with self._refusing():
            filling = ArchiveFilling(self._path, source_epoch)
        try:
            yield RefusingFilling(filling, self._refusing)
        finally:
            filling.close()

    @asynccontextmanager
    async def _refusing(self) -> AsyncIterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreUnusable(f"{self._path} cannot be written: {error.strerror}.") from error


def _path_in(url: str) -> Path:
    if not url.startswith(SCHEME):
        path = url.partition("://")[2]
        raise StoreMisaddressed(
            f"{url} has too few slashes; write {SCHEME}{path}, or {SCHEME}/{path} if the path "
            "begins at the root."
        )
    path = url.removeprefix(SCHEME)
    if not path:
        raise StoreMisaddressed(f"{url} names no file; write {SCHEME}backup.jsonl.gz.")
    return Path(path)
