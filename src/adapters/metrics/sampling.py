"""What is cheaper to look at now and then than to be told of each time."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

from prometheus_client import Counter

from adapters.metrics.instruments import Instruments
from application.tasks import Tasks

# Seconds between two looks. A look at 5,000 connections takes about a millisecond.
INTERVAL = 0.5

Count = Callable[[], int]


class Sockets(Protocol):
    @property
    def count(self) -> int:
        """How many are open."""
        ...

    @property
    def unsent(self) -> int:
        """The bytes for all of them that the kernel has not taken."""
        ...

    @property
    def gaps_healed(self) -> int:
        """How many stretches of messages that nobody told were read from a log so far."""
        ...


class Sampling:
    """Looks at the sockets, at `counts` that others keep, which only grow, and at how late the
    event loop calls."""

    def __init__(
        self,
        instruments: Instruments,
        sockets: Sockets,
        counts: Iterable[tuple[Counter, Count]] = (),
    ) -> None:
        self._instruments = instruments
        self._sockets = sockets
        self._counts: list[tuple[Counter, Count]] = [
            (instruments.gaps_healed, lambda: sockets.gaps_healed),
            *counts,
        ]
        self._counted = [0] * len(self._counts)
        self._tasks = Tasks()

    def open(self) -> None:
        self._tasks.start(self._look_again_and_again(), name="sampling")

    async def close(self) -> None:
        await self._tasks.cancel()
        self.look()

    def look(self) -> None:
        self._instruments.connections.set(self._sockets.count)
        self._instruments.outbox_bytes.set(self._sockets.unsent)
        for place, (counter, count) in enumerate(self._counts):
            now = count()
            counter.inc(now - self._counted[place])
            self._counted[place] = now

    async def _look_again_and_again(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + INTERVAL
            await asyncio.sleep(INTERVAL)
            self._instruments.event_loop_lag_seconds.observe(max(0.0, loop.time() - due))
            self.look()
