"""What goes out to other nodes: a bounded queue, and one task that empties it."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from itertools import islice

from adapters.notifier.redis.channels import Channels
from adapters.redis.link import Command, RedisAway, RedisLink
from application.tasks import Tasks
from domain.events import Event, PersonTyped, RoomAppended

# Events that wait at most, and that are sent for one round trip.
LONGEST, AT_ONCE = 10_000, 256

# Seconds after a return of Redis in which the other nodes find it, too, before they are told
# what waited for them.
RETURNING = 1.5

_log = logging.getLogger(__name__)

Encode = Callable[[Event], bytes]


class Outgoing:
    """While Redis is away, what is told of people waits. What is told of rooms does not: their
    logs say it. `sent` and `dropped` count events."""

    def __init__(self, link: RedisLink, channels: Channels, encode: Encode) -> None:
        self.sent = 0
        self.dropped = 0
        self._link = link
        self._channels = channels
        self._encode = encode
        self._waiting: deque[Event] = deque()
        self._filled, self._emptied = asyncio.Event(), asyncio.Event()
        self._emptied.set()
        self._is_full = False
        self._tasks = Tasks()

    def open(self) -> None:
        self._tasks.start(self._send(), name="relay")

    async def close(self) -> None:
        """What was told last is sent, if that is possible soon."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._link.timeout):
                await self._emptied.wait()
        await self._tasks.cancel()

    def put(self, event: Event) -> None:
        """Returns at once, raises nothing."""
        if self._link.is_away and not _is_of_people(event):
            self.dropped += 1
        elif len(self._waiting) >= LONGEST:
            self.dropped += 1
            if not self._is_full:
                _log.warning("%d events wait for other nodes; the next are dropped", LONGEST)
            self._is_full = True
        else:
            self._waiting.append(event)
            self._filled.set()
            self._emptied.clear()

    async def _send(self) -> None:
        while True:
            await self._filled.wait()
            batch = list(islice(self._waiting, AT_ONCE))
            try:
                await self._link.ask_all([*filter(None, map(self._command, batch))])
            except RedisAway:
                await self._wait_for_redis()
                continue
            for _ in batch:
                self._waiting.popleft()
            self.sent += len(batch)
            self._is_full = False
            self._look_whether_empty()

    async def _wait_for_redis(self) -> None:
        kept = deque(event for event in self._waiting if _is_of_people(event))
        self.dropped += len(self._waiting) - len(kept)
        self._waiting = kept
        self._look_whether_empty()
        if kept:
            await self._link.back()
            await asyncio.sleep(RETURNING)

    def _look_whether_empty(self) -> None:
        if not self._waiting:
            self._filled.clear()
            self._emptied.set()

    def _command(self, event: Event) -> Command | None:
        try:
            return ("PUBLISH", self._channels.of_event(event), self._encode(event))
        except Exception:  # noqa: BLE001  # One that cannot be written must not hold up the rest.
            _log.exception("%s cannot be told to other nodes", type(event).__name__)
            self.dropped += 1
            return None


def _is_of_people(event: Event) -> bool:
    """Whether no log tells it, and it is still worth telling later."""
    return not isinstance(event, RoomAppended | PersonTyped)
