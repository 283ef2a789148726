"""WebSockets on plain, blocking sockets (RFC 6455), as a client that trusts its server."""

import os
import socket
import struct
from base64 import b64encode


def connect(port: int, path: str, secret: str) -> socket.socket:
    """An upgraded socket of the person with this session."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(upgrade(port, path, secret))
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            raise ConnectionResetError(answer.decode())
        answer += byte
    if b" 101 " not in answer.partition(b"\r\n")[0]:
        raise ConnectionError(answer.decode())
    return connection


def upgrade(port: int, path: str, secret: str) -> bytes:
    """The request that begins a WebSocket."""
    key = b64encode(os.urandom(16)).decode()
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        f"Authorization: Bearer {secret}\r\n\r\n"
    ).encode()


def client_frame(payload: bytes) -> bytes:
    """A masked text frame; the mask is zero, which masks nothing and costs nothing."""
    size = len(payload)
    head = (
        struct.pack("!BB", 0x81, 0x80 | size)
        if size < 126
        else struct.pack("!BBH", 0x81, 0x80 | 126, size)
    )
    return head + b"\0\0\0\0" + payload


def await_frame(connection: socket.socket) -> bytes:
    """The payload of the next frame, whole."""
    head = _exactly(connection, 2)
    size = head[1] & 0x7F
    if size == 126:
        (size,) = struct.unpack("!H", _exactly(connection, 2))
    elif size == 127:
        (size,) = struct.unpack("!Q", _exactly(connection, 8))
    return _exactly(connection, size)


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise ConnectionResetError
        data += part
    return data
