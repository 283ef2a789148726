"""A WebSocket: read frame by frame, written by its outbox, ended with a code.

After the handshake the connection is its own. aiohttp's parser makes messages of what comes in;
pushes are written to the transport as whole frames: one encoding serves all readers, and one write
all that waits for one.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from typing import Final

from aiohttp import WebSocketError, WSMessage, WSMsgType
from aiohttp.http_websocket import WebSocketReader
from aiohttp.streams import EofStream

from adapters.ws.frames import PING, close_frame, pong_frame
from adapters.ws.inbox import Inbox
from adapters.ws.masks import Masks
from adapters.ws.outbox import Flusher, Outbox
from adapters.ws.watcher import Watcher
from application.tasks import Tasks

NORMAL = 1000
PROTOCOL_ERROR = 1002
UNSUPPORTED_DATA = 1003
TOO_SLOW = 4008

# What a peer is given to answer a close, before the line is cut. Seconds.
CLOSING_PATIENCE = 3.0
# The heartbeats after which a silent peer is gone.
PATIENCE_WITH_SILENCE = 1.5

# All sockets are read into this, one after another. A page for each would be the largest part of
# them; and what asyncio does otherwise, 256 KiB taken and given back for each read, costs several
# times as much as the reading.
_page: Final = memoryview(bytearray(64 * 1024))


@dataclass(frozen=True, slots=True)
class SocketOptions:
    """`heartbeat` in seconds, `frame_bytes` what a client may send at once, `outbox_bytes` how
    far a reader may be behind, `connections_per_user` and `requests_per_second` 0 for any."""

    public_url: str | None = None
    heartbeat: float = 25.0
    frame_bytes: int = 64 * 1024
    outbox_bytes: int = 1024 * 1024
    connections_per_user: int = 20
    requests_per_second: float = 50.0
    hello_seconds: float = 10.0
    text_length: int = 8_000


class Socket(asyncio.BufferedProtocol):
    """`heard_at` is when the peer was last heard of, by `monotonic`. `tasks` owns the closing."""

    __slots__ = (
        "_closing",
        "_inbox",
        "_is_lost",
        "_is_pinged",
        "_lost",
        "_masks",
        "_parser",
        "_reading_paused",
        "_tasks",
        "_transport",
        "_watcher",
        "heard_at",
        "outbox",
    )

    def __init__(
        self,
        transport: asyncio.Transport,
        options: SocketOptions,
        flusher: Flusher,
        tasks: Tasks,
        watcher: Watcher,
    ) -> None:
        self._transport = transport
        self._tasks = tasks
        self._watcher = watcher
        self._inbox = Inbox(self, options.frame_bytes)
        self._masks = Masks()
        self._parser = WebSocketReader(
            self._inbox,
            options.frame_bytes + 1,  # It refuses what reaches it.
            compress=False,
            decode_text=True,
        )
        self._reading_paused = False
        self._is_pinged = False
        self._is_lost = False
        self._lost: asyncio.Future[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self.heard_at = monotonic()
        self.outbox = Outbox(transport, flusher, limit=options.outbox_bytes)
        self.outbox.on_slow = self._fall_behind

    # What the conversation does

    @property
    def is_ending(self) -> bool:
        return self._closing is not None

    async def frames(self) -> AsyncIterator[str]:
        """The text frames that come in, until either side ends it. Here it ends with 1003 for
        what is binary, 1009 for what is too large, 1002 and 1007 for what is broken."""
        while not self.is_ending:
            await self.outbox.caught_up()  # Nothing more is asked of a reader that is behind.
            try:
                message = await self._inbox.read()
            except EofStream:
                return
            except WebSocketError as error:
                self.end(error.code, "")
                self._say_no_more()  # Their close could not be read either.
                return
            if message.type is WSMsgType.TEXT:
                yield message.data
            elif message.type is WSMsgType.BINARY:
                self.end(UNSUPPORTED_DATA, "text frames only")
            else:
                self._close(NORMAL, "")
                self._transport.close()

    def end(self, code: int, reason: str) -> None:
        """Send what waits, then close. Only the first call counts."""
        if not self.is_ending:
            self._close(code, reason)
            self._watcher.ended(code)

    async def ended(self) -> None:
        """Return when a close that was begun is done. Whoever left without one is gone."""
        if self._closing:
            await asyncio.wait([self._closing])
        else:
            self._transport.abort()  # A dead line would keep what waits for it, and for long.

    def look_after(self, now: float, heartbeat: float) -> None:
        """Ask who has been silent for a `heartbeat` (seconds) whether they are there, and give up
        who has been for one and a half."""
        if self._reading_paused:
            self.heard_at = now  # Whoever is not listened to need not speak.
        elif now - self.heard_at >= PATIENCE_WITH_SILENCE * heartbeat:
            self._transport.abort()
        elif not self._is_pinged:
            self._is_pinged = True
            self.outbox.put(PING)

    # What comes in

    def get_buffer(self, sizehint: int) -> memoryview:
        return _page

    def buffer_updated(self, nbytes: int) -> None:
        self.feed_data(bytes(_page[:nbytes]))

    def feed_data(self, data: bytes) -> None:
        self.heard_at = monotonic()
        self._is_pinged = False
        masked = self._masks.count_masked(data)
        self._parser.feed_data(data if masked == len(data) else data[:masked])
        if masked < len(data):
            self._inbox.set_exception(WebSocketError(PROTOCOL_ERROR, "not masked"))

    def feed_eof(self) -> None:
        """The HTTP library says that it has no more to hand over."""

    def keeps(self, message: WSMessage) -> bool:
        """Whether this is to wait in the inbox. Pings are answered however busy the reader is;
        they count as what a peer is behind with, or pings without end would pile up answers."""
        if message.type is WSMsgType.PING:
            self.outbox.put(pong_frame(message.data))
        elif message.type is WSMsgType.PONG:
            pass
        elif not self.is_ending:
            return True
        elif message.type is WSMsgType.CLOSE:
            self._transport.close()
        return False

    def eof_received(self) -> None:
        self._inbox.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_lost = True
        self._inbox.close()
        if self._lost and not self._lost.done():
            self._lost.set_result(None)

    def pause_reading(self) -> None:
        self._reading_paused = True
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._reading_paused = False
        self._transport.resume_reading()

    # How it ends

    def _close(self, code: int, reason: str) -> None:
        self.outbox.on_slow = None  # Or sending what waits could end it a second time.
        self.outbox.close()
        if not self._transport.is_closing():
            self._transport.write(close_frame(code, reason))
        self._inbox.close()
        self._closing = self._tasks.start(self._hang_up(), name=f"close {code}")

    def _fall_behind(self) -> None:
        self.end(TOO_SLOW, "too slow")

    def _say_no_more(self) -> None:
        """Let the peer see where the line ends, and read on: a line that is cut with something
        unread in it may swallow what was said last."""
        if not self._transport.is_closing():
            self._transport.write_eof()

    async def _hang_up(self) -> None:
        """Wait for the peer to close, too, or to be gone; but not for ever."""
        try:
            async with asyncio.timeout(CLOSING_PATIENCE):
                await self._drop_the_rest()
                if not self._is_lost:
                    self._lost = asyncio.get_running_loop().create_future()
                    await self._lost
        except TimeoutError:
            pass  # It does not read, or is gone: there is nobody to be polite to.
        finally:
            self._transport.abort()

    async def _drop_the_rest(self) -> None:
        """What came before the close and was not taken. A full inbox would stop the reading, and
        the peer's own close would not be heard."""
        with contextlib.suppress(EofStream):
            while True:
                message = await self._inbox.read()
                if message.type is WSMsgType.CLOSE:
                    self._transport.close()
