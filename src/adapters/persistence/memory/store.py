"""The store in memory: one writer at a time, and a journal to put everything back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.persistence.memory.journal import Journal
from adapters.persistence.memory.membership_repository import MemoryMembershipRepository
from adapters.persistence.memory.message_log import MemoryMessageLog
from adapters.persistence.memory.room_repository import MemoryRoomRepository
from adapters.persistence.memory.star_repository import MemoryStarRepository
from adapters.persistence.memory.tables import Tables
from adapters.persistence.memory.user_repository import MemoryUserRepository
from application.ports.store import Store, Unit


class MemoryStore(Store):
    """Lives as long as the process. Views take their turn with units: nothing in here waits for
    anything, so nobody notices, except that a view inside a unit would wait for itself."""

    def __init__(self) -> None:
        self.tables = Tables()
        self._turn = asyncio.Lock()
        self._epoch = ""

    @property
    def epoch(self) -> str:
        return self._epoch

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Unit]:
        async with self._turn:
            journal = Journal(writable=True)
            try:
                yield _unit(self.tables, journal)
            except BaseException:
                journal.undo()
                raise
            journal.commit()

    @asynccontextmanager
    async def view(self) -> AsyncIterator[Unit]:
        async with self._turn:
            yield _unit(self.tables, Journal(writable=False))

    async def open(self, new_epoch: str) -> None:
        self._epoch = self._epoch or new_epoch

    async def close(self) -> None: ...

    async def check(self) -> None: ...


def _unit(tables: Tables, journal: Journal) -> Unit:
    return Unit(
        users=MemoryUserRepository(tables, journal),
        rooms=MemoryRoomRepository(tables, journal),
        memberships=MemoryMembershipRepository(tables, journal),
        log=MemoryMessageLog(tables, journal),
        stars=MemoryStarRepository(tables, journal),
    )
