"""Whose error it is. While one store is copied into another, the errors of both pass through the
blocks in which both are open, so each end explains its own where they arise, and no others."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing

from application.ports.transfer import (
    Filling,
    Place,
    Readable,
    Record,
    Records,
    Section,
    Snapshot,
)
from domain.room import Visibility

# What an end raises inside comes out as `StoreUnusable`, with its name.
Refusing = Callable[[], AbstractAsyncContextManager[None]]


class RefusingSnapshot(Snapshot):
    def __init__(self, snapshot: Snapshot, refusing: Refusing) -> None:
        self._snapshot = snapshot
        self._refusing = refusing

    @property
    def epoch(self) -> str:
        return self._snapshot.epoch

    async def totals(self) -> dict[Section, int]:
        async with self._refusing():
            return await self._snapshot.totals()

    async def rooms(self) -> dict[Visibility, int]:
        async with self._refusing():
            return await self._snapshot.rooms()

    async def size(self) -> int | None:
        async with self._refusing():
            return await self._snapshot.size()

    def records(self, after: Place | None = None) -> Records:
        return _records(self._snapshot, after, self._refusing)


class RefusingFilling(Filling):
    def __init__(self, filling: Filling, refusing: Refusing) -> None:
        self._filling = filling
        self._refusing = refusing

    @property
    def place(self) -> Place | None:
        return self._filling.place

    async def write(self, records: Sequence[Record]) -> None:
        async with self._refusing():
            await self._filling.write(records)

    def records(self, after: Place | None = None) -> Records:
        return _records(self._filling, after, self._refusing)

    async def finish(self, epoch: str) -> None:
        async with self._refusing():
            await self._filling.finish(epoch)


async def _records(readable: Readable, after: Place | None, refusing: Refusing) -> Records:
    # What whoever takes a batch does with it raises nothing in here.
    async with refusing(), aclosing(readable.records(after)) as batches:
        async for batch in batches:
            yield batch
