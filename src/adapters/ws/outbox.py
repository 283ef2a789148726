"""What waits to be written to sockets: joined, and written some sockets a tick of the event loop.

A write costs microseconds whatever its size, so joining what waits into one write is what lets a
full room keep up. A round through a room of thousands takes long, so others have turns meanwhile;
and whoever asked for something comes first: they ask for more while the rest is written.
Nothing here awaits a reader; a slow one is judged by its bytes.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter

from adapters.ws.watcher import UNWATCHED, Watcher

# Sockets that are written before others have a turn: some milliseconds.
AT_ONCE = 500

# How often it is looked whether a reader that is behind has caught up. Seconds.
BEHIND_PAUSE = 0.02


class Flusher:
    """Writes all outboxes that have something, in the order in which they got it."""

    def __init__(self, watcher: Watcher = UNWATCHED) -> None:
        self._watcher = watcher
        self._answered: list[Outbox] = []
        self._full: deque[Outbox] = deque()
        self._is_due = False
        # How many were added and taken so far; and for what was told, when that was, and how many
        # have to be taken until all of it is written.
        self._added, self._taken = 0, 0
        self._told: deque[tuple[float, int]] = deque()

    def add(self, outbox: "Outbox") -> None:
        """Write this one in its turn, with all that it has got by then."""
        outbox.is_added = True
        self._full.append(outbox)
        self._added += 1
        self._schedule()

    def hasten(self, outbox: "Outbox") -> None:
        """Write this one, which was added, before all others."""
        self._answered.append(outbox)

    def told(self, at: float) -> None:
        """What waits now was told of at this `perf_counter`."""
        if self._full:
            self._told.append((at, self._added))

    def _schedule(self) -> None:
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._is_due = False
        answered, self._answered = self._answered, []
        for outbox in answered:
            outbox.flush()
        for _ in range(min(AT_ONCE, len(self._full))):
            outbox = self._full.popleft()
            outbox.is_added = False
            outbox.flush()
            self._taken += 1
        while self._told and self._told[0][1] <= self._taken:
            self._watcher.fanned_out(perf_counter() - self._told.popleft()[0])
        if self._full:
            self._schedule()


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
        "is_added",
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
        self.is_added = False  # The flusher's own note.
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
        self._frames.append(frames)
        if not self.is_added:
            self._flusher.add(self)

    def answer(self, frame: bytes) -> None:
        """Send what the reader asked for."""
        self._asked_for += len(frame)
        self.put(frame)
        self._flusher.hasten(self)

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
