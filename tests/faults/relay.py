"""A line between a client and its node that can go bad in ways that no client of ours would: it
stops reading, or it goes dead without a word."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.faults.clients import Door
from tests.faults.nodes import Node

# Little is kept in the middle, so that the node notices soon that nobody reads.
SMALL = 4096


class Relay:
    """`stall`: nothing more is read from the node. `die`: whatever comes is dropped, and nothing is
    closed. `recover`: new connections are well; old ones go on, or end if they had died."""

    def __init__(self, node: Node, name: str) -> None:
        self._port = node.port
        self._name = name
        self._reading = asyncio.Event()
        self._reading.set()
        self._dead = False
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self.dropped_at: float | None = None

    @property
    def door(self) -> Door:
        assert self._server is not None
        return Door(self._name, f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}")

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)

    def stall(self) -> None:
        self._reading.clear()

    def die(self) -> None:
        """`dropped_at` tells when the node has given this line up."""
        self._dead = True
        self.dropped_at = None

    def recover(self) -> None:
        if self._dead:
            self._abort()
        self._dead = False
        self._reading.set()

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        self._reading.set()
        self._abort()

    def _abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            upstream = socket.socket()
            upstream.setblocking(False)
            upstream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
            await asyncio.get_running_loop().sock_connect(upstream, ("127.0.0.1", self._port))
            from_node, to_node = await asyncio.open_connection(sock=upstream, limit=SMALL)
            self._writers |= {writer, to_node}
            try:
                await asyncio.wait(
                    [
                        asyncio.create_task(self._pump(reader, to_node)),
                        asyncio.create_task(self._pump(from_node, writer, slowly=True)),
                    ]
                )
            finally:
                self._writers -= {writer, to_node}

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, slowly: bool = False
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(SMALL):
                if slowly:
                    await self._reading.wait()
                if not self._dead:
                    writer.write(data)
                    await writer.drain()
        if self._dead:
            self.dropped_at = self.dropped_at or time.monotonic()
        else:
            writer.close()


@asynccontextmanager
async def relays(node: Node, name: str, count: int) -> AsyncIterator[list[Relay]]:
    opened = [Relay(node, name) for _ in range(count)]
    for relay in opened:
        await relay.open()
    try:
        yield opened
    finally:
        for relay in opened:
            await relay.close()
