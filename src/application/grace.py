"""Farewells that are called off when somebody comes back soon: a reload is silent."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Hashable

from application.ports.clock import Clock
from application.tasks import Tasks
from domain.errors import DomainError

Action = Callable[[], Awaitable[None]]


class Grace:
    """Runs actions a while later, unless they are called off. One action at a time per name."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._waiting: dict[Hashable, asyncio.Task[None]] = {}
        self._tasks = Tasks()

    def give(self, name: Hashable, action: Action, *, at_least: float = 0.0) -> None:
        """Run the action after the grace, or after so many seconds where that is shorter; starts
        anew if the name is waiting already."""
        self.call_off(name)
        seconds = max(self._seconds, at_least)
        waiting = self._wait(name, seconds, action)
        self._waiting[name] = self._tasks.start(waiting, name=f"grace {name}")

    def call_off(self, name: Hashable) -> bool:
        """True if there was something to call off."""
        task = self._waiting.pop(name, None)
        if task:
            task.cancel()
        return task is not None

    async def close(self) -> None:
        """Call off what still waits. It is found and told after the next start."""
        for name in list(self._waiting):
            self.call_off(name)
        await self._tasks.finish()

    async def _wait(self, name: Hashable, seconds: float, action: Action) -> None:
        await self._clock.sleep(seconds)
        self._waiting.pop(name, None)
        # The room may be gone or the store away: what stays untold is settled later.
        with contextlib.suppress(DomainError):
            await action()
