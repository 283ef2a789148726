"""A WebSocket without a library: to send what no client sends, and not to answer."""

import asyncio
import os
import struct
from base64 import b64encode

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class RawSocket:
    """`head` is what the handshake was answered with."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes = b""
    ) -> None:
        self.reader = reader
        self.writer = writer
        self.head = head

    @classmethod
    async def connect(
        cls, port: int, secret: str, *, receive_buffer: int = 0, at_once: bytes = b""
    ) -> "RawSocket":
        """With a small `receive_buffer` the peer notices soon that nobody reads. `at_once` is a
        text that goes with the handshake, before anybody could answer that."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**16)
        if receive_buffer:
            import socket

            writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer
            )
        key = b64encode(os.urandom(16)).decode()
        lines = [
            "GET /ws HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            f"Authorization: Bearer {secret}",
        ]
        behind = bytes([0x81, 0x80 | len(at_once), 0, 0, 0, 0]) + at_once if at_once else b""
        writer.write("\r\n".join([*lines, "", ""]).encode() + behind)
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 101 " in head, head
        return cls(reader, writer, head)

    def send(self, opcode: int, payload: bytes, *, final: bool = True, masked: bool = True) -> None:
        self.send_head(opcode, len(payload), final=final, masked=masked)
        # The mask is all zeros: that is allowed, and leaves the payload as it is.
        self.writer.write(payload)

    def send_head(
        self, opcode: int, length: int, *, final: bool = True, masked: bool = True
    ) -> None:
        """The beginning of a frame, whatever follows."""
        mask = 0x80 if masked else 0
        first = (0x80 if final else 0) | opcode
        if length < 126:
            head = struct.pack("!BB", first, mask | length)
        elif length < 2**16:
            head = struct.pack("!BBH", first, mask | 126, length)
        else:
            head = struct.pack("!BBQ", first, mask | 127, length)
        self.writer.write(head + (bytes(4) if masked else b""))

    async def receive(self) -> tuple[int, bytes]:
        """The next frame: opcode and payload."""
        first, second = await self.reader.readexactly(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", await self.reader.readexactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", await self.reader.readexactly(8))
        return first & 0x0F, await self.reader.readexactly(length)

    async def closed(self, *, within: float = 5.0) -> int | None:
        """The code of the close frame; None if the line was cut without one."""
        async with asyncio.timeout(within):
            try:
                while True:
                    opcode, payload = await self.receive()
                    if opcode == CLOSE:
                        return int.from_bytes(payload[:2], "big")
            except (asyncio.IncompleteReadError, ConnectionError):
                return None

    async def gone(self, *, within: float = 5.0) -> None:
        """Until the line is cut. Reads, but answers nothing."""
        async with asyncio.timeout(within):
            try:
                while await self.reader.read(2**16):
                    pass
            except ConnectionError:
                pass

    async def close(self) -> None:
        self.writer.transport.abort()
        await asyncio.sleep(0)
