"""An archive as something to move."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.persistence.archive.filling import ArchiveFilling
from adapters.persistence.archive.snapshot import ArchiveSnapshot
from application.ports.store import StoreUnusable
from application.ports.transfer import Filling, Movable, Snapshot

SCHEME = "archive:///"


class ArchiveMovable(Movable):
    """`url` is archive:///relative/path or archive:////absolute/path. A name that ends in .gz
    is compressed."""

    def __init__(self, url: str) -> None:
        self._path = Path(url.removeprefix(SCHEME)).absolute()

    @property
    def name(self) -> str:
        return str(self._path)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Snapshot]:
        yield await asyncio.to_thread(ArchiveSnapshot, self._path)

    @asynccontextmanager
    async def fill(self, source_epoch: str) -> AsyncIterator[Filling]:
        if self._path.exists():
            raise StoreUnusable(f"{self._path} is there already: choose another name.")
        filling = ArchiveFilling(self._path, source_epoch)
        try:
            yield filling
        except OSError as error:
            raise StoreUnusable(f"{self._path} cannot be written: {error.strerror}.") from error
        finally:
            filling.close()
