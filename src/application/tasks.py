"""The owner of background tasks: whoever starts one this way can await or cancel it."""

import asyncio
import logging
from collections.abc import Coroutine

# Seconds in which a cancelled task may put away what it holds.
CANCELLED_AGAIN = 1.0

_log = logging.getLogger(__name__)


class Tasks:
    """Keeps what it starts until it ends. What a task fails with is logged once, here."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[object, object, None], *, name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def __len__(self) -> int:
        return len(self._running)

    async def finish(self) -> None:
        """Return when all are done, those included that they start meanwhile."""
        while self._running:
            await asyncio.wait(self._running)

    async def cancel(self) -> None:
        """Cancel all and return when they have ended. Libraries may swallow a cancellation that
        comes in the middle of something else that fails, so it is repeated."""
        while self._running:
            for task in self._running:
                task.cancel()
            await asyncio.wait(self._running, timeout=CANCELLED_AGAIN)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("the task %s failed", task.get_name(), exc_info=error)
