import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count

from application.ports.clock import Clock

# Ticks of the event loop in which what was woken runs to its next wait.
SETTLING_TICKS = 50


class ManualClock(Clock):
    """A clock that stands still until it is moved, so that waiting takes no time in tests."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, 12, tzinfo=UTC)) -> None:
        self._now = start
        self._order = count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        until = self._now + timedelta(seconds=seconds)
        heapq.heappush(self._sleepers, (until, next(self._order), woken))
        await woken

    async def advance(self, seconds: float) -> None:
        """Move on, waking every sleeper at its time and letting it run."""
        goal = self._now + timedelta(seconds=seconds)
        await settle()
        while self._sleepers and self._sleepers[0][0] <= goal:
            self._now, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)
            await settle()
        self._now = goal


async def settle() -> None:
    """Let everything that can run do so."""
    for _ in range(SETTLING_TICKS):
        await asyncio.sleep(0)
