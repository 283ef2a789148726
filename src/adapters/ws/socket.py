"""A WebSocket of aiohttp: read frame by frame, written by its outbox, ended with a code.

aiohttp does the handshake, the reading, pings and the closing. Pushes are written to the
transport as whole frames: one encoding serves all readers, and one write all that waits for one.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import WSMsgType, web

from adapters.ws.outbox import Flusher, Outbox
from adapters.ws.watcher import Watcher
from application.tasks import Tasks

UNSUPPORTED_DATA = 1003
ABNORMAL_CLOSURE = 1006
TOO_SLOW = 4008

# What a peer is given to answer a close, before the line is cut. Seconds.
CLOSING_PATIENCE = 3.0


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


class Socket:
    def __init__(
        self,
        websocket: web.WebSocketResponse,
        transport: asyncio.Transport,
        outbox: Outbox,
        tasks: Tasks,
        watcher: Watcher,
    ) -> None:
        self._websocket = websocket
        self._transport = transport
        self._tasks = tasks
        self._watcher = watcher
        self._closing: asyncio.Task[None] | None = None
        self.outbox = outbox

    @classmethod
    async def accept(
        cls,
        request: web.Request,
        options: SocketOptions,
        flusher: Flusher,
        tasks: Tasks,
        watcher: Watcher,
    ) -> "Socket":
        """Upgrade the request. `tasks` owns the closing."""
        websocket = web.WebSocketResponse(
            heartbeat=options.heartbeat,
            max_msg_size=options.frame_bytes + 1,  # aiohttp refuses what reaches it.
            compress=False,
            timeout=CLOSING_PATIENCE,
        )
        await websocket.prepare(request)
        transport = request.transport
        if transport is None:
            raise ConnectionResetError("gone during the handshake")
        outbox = Outbox(transport, flusher, limit=options.outbox_bytes)
        socket = cls(websocket, transport, outbox, tasks, watcher)
        outbox.on_slow = lambda: socket.end(TOO_SLOW, "too slow")
        return socket

    @property
    def response(self) -> web.WebSocketResponse:
        return self._websocket

    @property
    def is_ending(self) -> bool:
        return self._closing is not None

    async def frames(self) -> AsyncIterator[str]:
        """The text frames that come in, until either side ends it. aiohttp itself closes on
        oversized (1009) and broken frames (1002, 1007)."""
        while True:
            await self.outbox.caught_up()  # Nothing more is asked of a reader that is behind.
            message = await self._websocket.receive()
            if message.type is WSMsgType.TEXT:
                yield message.data
            elif message.type is WSMsgType.BINARY:
                self.end(UNSUPPORTED_DATA, "text frames only")
                return
            else:
                return

    def end(self, code: int, reason: str) -> None:
        """Send what waits, then close. Only the first call counts."""
        if self._closing is None:
            self.outbox.on_slow = None  # Or sending what waits could end it a second time.
            self.outbox.close()
            self._closing = self._tasks.start(self._close(code, reason), name=f"close {code}")
            self._watcher.ended(code)

    async def ended(self) -> None:
        """Return when a close that was begun on this side is done."""
        if self._closing:
            await asyncio.wait([self._closing])
        elif self._websocket.close_code == ABNORMAL_CLOSURE:
            self._transport.abort()  # A dead line would keep what waits for it, and for long.

    async def _close(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(CLOSING_PATIENCE):
                await self._websocket.close(code=code, message=reason.encode())
        except (TimeoutError, ConnectionError):
            pass  # It does not read, or is gone: there is nobody to be polite to.
        finally:
            self._transport.abort()
