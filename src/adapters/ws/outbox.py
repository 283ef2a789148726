"""What waits to be written to sockets: joined, and written once per tick of the event loop.

A write costs microseconds whatever its size, so joining the frames of a tick into one write is
what lets a full room keep up. Nothing here awaits a reader; a slow one is judged by its bytes.
"""

import asyncio
from collections.abc import Callable
from math import inf
from time import perf_counter

from adapters.ws.watcher import UNWATCHED, Watcher

# How often it is looked whether a reader that is behind has caught up. Seconds.
BEHIND_PAUSE = 0.02


class Flusher:
    """Writes all outboxes that have something, once in the tick in which they got it."""

    def __init__(self, watcher: Watcher = UNWATCHED) -> None:
        self._watcher = watcher
        self._full: list[Outbox] = []
        self._told_at = inf

    def add(self, outbox: "Outbox") -> None:
        if not self._full:
            asyncio.get_running_loop().call_soon(self._flush)
        self._full.append(outbox)

    def told(self, at: float) -> None:
        """What waits now was told of at this `perf_counter`. The first of a tick waits longest."""
        if self._full:
            self._told_at = min(at, self._told_at)

    def _flush(self) -> None:
        full, self._full = self._full, []
        for outbox in full:
            outbox.flush()
        if self._told_at < inf:
            self._watcher.fanned_out(perf_counter() - self._told_at)
            self._told_at = inf


class Outbox:
    """The frames on their way to one socket. `limit` is in bytes that the kernel has not taken.

    Whoever is behind by more than that is too slow, and `on_slow` is called once. What they asked
    for themselves does not count against them: a large page is no reason to send anybody away.
    """

    __slots__ = (
        "_asked_for",
        "_closed",
        "_flusher",
        "_frames",
        "_hurried",
        "_limit",
        "_transport",
        "on_slow",
    )

    def __init__(self, transport: asyncio.WriteTransport, flusher: Flusher, *, limit: int) -> None:
        self._transport = transport
        self._flusher = flusher
        self._limit = limit
        self._frames: list[bytes] = []
        self._asked_for = 0
        self._closed = False
        self._hurried = False
        self.on_slow: Callable[[], None] | None = None

    @property
    def is_behind(self) -> bool:
        """Whether the reader should take what there is before it asks for more."""
        waiting = sum(map(len, self._frames))
        return waiting + self._transport.get_write_buffer_size() > self._limit

    @property
    def unsent(self) -> int:
        """The bytes that were written and that the kernel has not taken."""
        return self._transport.get_write_buffer_size()

    async def caught_up(self) -> None:
        """Return when the reader is not behind, or nobody waits for it any more."""
        while self.is_behind and not self._hurried:  # noqa: ASYNC110  # No event tells it.
            await asyncio.sleep(BEHIND_PAUSE)

    def put(self, frames: bytes) -> None:
        """Send these whole frames, after all that were put before."""
        if self._closed:
            return
        if not self._frames:
            self._flusher.add(self)
        self._frames.append(frames)

    def answer(self, frame: bytes) -> None:
        """Send what the reader asked for."""
        self._asked_for += len(frame)
        self.put(frame)

    def hurry(self) -> None:
        """Wait for this reader no more: it is to be sent away."""
        self._hurried = True

    def close(self) -> None:
        """Send what waits, and nothing after it."""
        self.hurry()
        self.flush()
        self._closed = True

    def flush(self) -> None:
        """Write now what waits."""
        frames, self._frames = self._frames, []
        if not frames or self._transport.is_closing():
            return
        self._transport.write(frames[0] if len(frames) == 1 else b"".join(frames))
        behind = self._transport.get_write_buffer_size()
        if behind <= self._limit:
            self._asked_for = 0
        elif self.on_slow and behind > self._limit + self._asked_for:
            on_slow, self.on_slow = self.on_slow, None
            on_slow()
