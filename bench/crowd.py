"""Many WebSocket clients in one process, cheap enough that the server is what is measured.

Deliveries are counted by a mark that is in every text once and nowhere else; only the senders'
sockets are looked at more closely, for the answers to their posts. All blocking is in epoll.
"""

import os
import selectors
import socket
import struct
import time
from base64 import b64encode
from dataclasses import dataclass, field

from bench.process import Process

MARK = b"%"
ACK = b'"type":"ok"'
TEXT_LENGTH = 100
READ_AT_ONCE = 1 << 18


@dataclass
class Counted:
    """What happened between two moments, in `seconds` of wall time, `cpu` of this process and
    `server_cpu` of the other one."""

    seconds: float
    deliveries: int
    posts: int
    cpu: float
    server_cpu: float = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def deliveries_per_second(self) -> float:
        return self.deliveries / self.seconds

    @property
    def posts_per_second(self) -> float:
        return self.posts / self.seconds

    @property
    def idle(self) -> float:
        """The part of the time in which the crowd had nothing to do."""
        return 1 - self.cpu / self.seconds

    @property
    def server_busy(self) -> float:
        return self.server_cpu / self.seconds


class Member:
    """One client. `in_flight` posts are unanswered at any time, 0 for who only reads."""

    def __init__(self, port: int, secret: str, name: str) -> None:
        self.socket = connect(port, secret)
        self.name = name
        self.tail = b""
        self.posted = 0
        self.acked = 0
        self.sent_at: list[float] = []

    def send(self, fields: str) -> None:
        self.socket.setblocking(True)
        self.socket.sendall(client_frame(fields.encode()))
        self.socket.setblocking(False)

    def post(self, room: str) -> None:
        key = f"{self.name}-{self.posted}"
        text = f"{key} {MARK.decode()} ".ljust(TEXT_LENGTH, "x")
        self.posted += 1
        self.sent_at.append(time.perf_counter())
        self.send(f'{{"id":1,"type":"post","room":"{room}","key":"{key}","text":"{text}"}}')

    def count_acks(self, data: bytes) -> int:
        """How many answers came; one that was cut in two is counted with its second half."""
        data = self.tail + data
        self.tail = data[-(len(ACK) - 1) :]
        return data.count(ACK)


class Crowd:
    """All clients say hello, then listen; the first `senders` of them post."""

    def __init__(self, port: int, secrets: list[str], room: str, prefix: str = "p") -> None:
        self.room = room
        self._selector = selectors.DefaultSelector()
        self.members = [
            self._welcomed(Member(port, secret, f"{prefix}{number}"))
            for number, secret in enumerate(secrets)
        ]
        self._buffer = bytearray(READ_AT_ONCE)

    def talk(
        self, senders: int, in_flight: int, server: Process, *, warm_up: float, seconds: float
    ) -> Counted:
        """Let the first `senders` keep `in_flight` posts unanswered each; count for `seconds`
        after `warm_up`, then wait until everything posted is answered and heard."""
        self._drain()
        for member in self.members[:senders]:
            for _ in range(in_flight):
                member.post(self.room)
        self._run(warm_up, posting=True)
        used = server.cpu_seconds()
        counted = self._run(seconds, posting=True)
        counted.server_cpu = server.cpu_seconds() - used
        self._settle(senders)
        return counted

    def _welcomed(self, member: Member) -> Member:
        """The member when their hello is answered; servers do not wait for it for ever."""
        member.send('{"id":0,"type":"hello"}')
        member.socket.setblocking(True)
        await_frame(member.socket)
        member.socket.setblocking(False)
        self._selector.register(member.socket, selectors.EVENT_READ, member)
        return member

    def acknowledged(self) -> list[str]:
        """The keys of all posts that were answered."""
        return [f"{each.name}-{number}" for each in self.members for number in range(each.acked)]

    def close(self) -> None:
        for member in self.members:
            member.socket.close()

    def _run(self, seconds: float, *, posting: bool) -> Counted:
        started, cpu = time.perf_counter(), time.process_time()
        counted = Counted(0, 0, 0, 0)
        while (now := time.perf_counter()) - started < seconds:
            self._step(counted, min(0.1, seconds - (now - started)), posting=posting)
        counted.seconds = time.perf_counter() - started
        counted.cpu = time.process_time() - cpu
        return counted

    def _step(self, counted: Counted, timeout: float, *, posting: bool) -> bool:
        ready = self._selector.select(timeout)
        for key, _ in ready:
            member: Member = key.data
            size = member.socket.recv_into(self._buffer)
            if not size:
                raise ConnectionResetError(f"{member.name} was sent away")
            counted.deliveries += self._buffer.count(MARK, 0, size)
            if member.posted > member.acked:
                self._hear_acks(member, bytes(self._buffer[:size]), counted, posting)
        return bool(ready)

    def _hear_acks(self, member: Member, data: bytes, counted: Counted, posting: bool) -> None:
        for _ in range(member.count_acks(data)):
            counted.latencies.append(time.perf_counter() - member.sent_at[member.acked])
            member.acked += 1
            counted.posts += 1
            if posting:
                member.post(self.room)

    def _settle(self, senders: int) -> None:
        ignored = Counted(0, 0, 0, 0)
        until = time.perf_counter() + 20
        while any(each.acked < each.posted for each in self.members[:senders]):
            self._step(ignored, 0.1, posting=False)
            if time.perf_counter() > until:
                raise TimeoutError("posts without an answer")
        self._drain()

    def _drain(self) -> None:
        while self._step(Counted(0, 0, 0, 0), 0.3, posting=False):
            pass


def connect(port: int, secret: str) -> socket.socket:
    """An upgraded socket of the person with this session."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    key = b64encode(os.urandom(16)).decode()
    connection.sendall(
        (
            f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Authorization: Bearer {secret}\r\n\r\n"
        ).encode()
    )
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            raise ConnectionResetError(answer.decode())
        answer += byte
    if b" 101 " not in answer.partition(b"\r\n")[0]:
        raise ConnectionError(answer.decode())
    return connection


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
