"""What comes in from other nodes: one connection that listens, made anew whenever it is lost."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from redis.asyncio.connection import AbstractConnection

from adapters.redis.link import FAILURES, RedisLink
from application.tasks import Tasks

# Seconds between two signs of life that are asked for, and silence after which nobody is there.
PING_EVERY, LONGEST_SILENCE = 1.0, 3.0

# Channels in one command.
AT_ONCE = 500

Heard = Callable[[str, bytes], None]
Confirmed = Callable[[str], None]


class Incoming:
    """`confirmed` holds the channels of which everything comes in now.

    `heard` gets each payload with its channel. `on_confirmed` is called for a channel when from
    now on everything that is published there comes in, each time: what was published before, or
    while the connection was lost, did not."""

    def __init__(self, link: RedisLink, heard: Heard, on_confirmed: Confirmed) -> None:
        self.confirmed: set[str] = set()
        self._link = link
        self._heard = heard
        self._on_confirmed = on_confirmed
        self._wanted: Counter[str] = Counter()
        self._asked: set[str] = set()
        self._changed = asyncio.Event()
        self._tasks = Tasks()

    def open(self) -> None:
        self._tasks.start(self._listen(), name="hear other nodes")

    async def close(self) -> None:
        await self._tasks.cancel()

    def want(self, channel: str) -> None:
        """Each call counts."""
        self._wanted[channel] += 1
        self._changed.set()

    def want_no_more(self, channel: str) -> None:
        self._wanted[channel] -= 1
        if self._wanted[channel] <= 0:
            del self._wanted[channel]
        self._changed.set()

    async def _listen(self) -> None:
        while True:
            await self._link.back()
            connection = self._link.connection()
            try:
                connect: Callable[[], Awaitable[None]] = connection.connect
                await connect()
                await self._converse(connection)
            except FAILURES as error:
                self._link.lose(error)
            finally:
                await connection.disconnect(nowait=True)

    async def _converse(self, connection: AbstractConnection) -> None:
        """Raises what goes wrong; does not return."""
        self._asked.clear()
        self.confirmed.clear()
        self._changed.set()
        speaking = self._tasks.start(self._speak(connection), name="ask for channels")
        try:
            while True:
                answer = await connection.read_response(timeout=LONGEST_SILENCE)
                self._take(answer)
        finally:
            speaking.cancel()

    async def _speak(self, connection: AbstractConnection) -> None:
        try:
            while True:
                await self._ask_for_changes(connection)
                await self._pause(connection)
        except FAILURES:
            return  # Who reads will find out, too, and says so.

    async def _ask_for_changes(self, connection: AbstractConnection) -> None:
        self._changed.clear()
        wanted = set(self._wanted)
        for word, channels in (
            ("UNSUBSCRIBE", list(self._asked - wanted)),
            ("SUBSCRIBE", list(wanted - self._asked)),
        ):
            for start in range(0, len(channels), AT_ONCE):
                await connection.send_command(word, *channels[start : start + AT_ONCE])
        self._asked = wanted

    async def _pause(self, connection: AbstractConnection) -> None:
        try:
            async with asyncio.timeout(PING_EVERY):
                await self._changed.wait()
        except TimeoutError:
            await connection.send_command("PING")

    def _take(self, answer: object) -> None:
        match answer:
            case [b"message", bytes(channel), bytes(payload)]:
                self._heard(channel.decode(errors="replace"), payload)
            case [b"subscribe", bytes(channel), _]:
                name = channel.decode(errors="replace")
                self.confirmed.add(name)
                self._on_confirmed(name)
            case [b"unsubscribe", bytes(channel), _]:
                self.confirmed.discard(channel.decode(errors="replace"))
            case _:
                pass  # A sign of life.
