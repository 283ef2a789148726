"""A store with faults: it stands before a real one and fails or waits when it is told to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from application.ports.store import Store, Unit
from domain.errors import StoreUnavailable

Fault = Callable[[], Awaitable[None]]


async def no_fault() -> None: ...


async def unavailable() -> None:
    raise StoreUnavailable("a fault of the test's")


class FaultyStore(Store):
    """`before_commit` may undo a unit by raising; what `after_commit` raises comes too late, as
    when the connection breaks while the answer is under way."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.before_commit: Fault = no_fault
        self.after_commit: Fault = no_fault
        self.before_view: Fault = no_fault
        self.commits = 0

    @property
    def epoch(self) -> str:
        return self._store.epoch

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        async with self._store.unit() as unit:
            yield unit
            await self.before_commit()
        self.commits += 1
        await self.after_commit()

    @asynccontextmanager
    async def view(self) -> AsyncIterator[Unit]:
        await self.before_view()
        async with self._store.view() as view:
            yield view

    async def open(self, new_epoch: str) -> None:
        await self._store.open(new_epoch)

    async def close(self) -> None:
        await self._store.close()

    async def check(self) -> None:
        await self._store.check()


class Gate:
    """A fault that holds whoever comes until it is opened, and tells that somebody came."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self.reached = asyncio.Event()

    async def __call__(self) -> None:
        self.reached.set()
        await self._open.wait()

    def open(self) -> None:
        self._open.set()
