"""Many WebSocket clients in one process, cheap enough that the server is what is measured.

They come in here; while they talk, crowd.c reads and writes their sockets. Every reader's
deliveries are counted, and at the end everybody must have heard everything once.
"""

import ctypes
import select
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.compiled import compiled
from bench.cores import CoreClock
from bench.crowd_structures import CrowdStructure, MemberStructure, PaceStructure
from bench.dialects import BESEDKA, Dialect
from bench.process import CLIENT_CORE, Process
from bench.websocket import await_frame, client_frame, connect

MARK = "%"
TEXT_LENGTH = 100
NUMBER = "0000000"  # Of a post, to be filled in.
ANSWERS_KEPT = 1_000_000
SETTLING_SECONDS = 30.0
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: a close that is a reset, as of a line that is cut.


@dataclass
class Counted:
    """What happened in `seconds` of wall time: deliveries, posts that were answered, how long each
    of them took, the seconds of CPU that the server took, and the part of the time in which
    the crowd's core was idle."""

    seconds: float
    deliveries: int
    posts: int
    server_cpu: float
    idle: float
    latencies: list[float] = field(default_factory=list)

    @property
    def deliveries_per_second(self) -> float:
        return self.deliveries / self.seconds

    @property
    def posts_per_second(self) -> float:
        return self.posts / self.seconds

    @property
    def server_busy(self) -> float:
        return self.server_cpu / self.seconds

    @property
    def cpu_per_delivery(self) -> float:
        return self.server_cpu / self.deliveries


class Crowd:
    """All of them listen; the first `senders` may post, each to a room: person n to the n-th of
    `rooms`, which are gone through again and again."""

    def __init__(
        self,
        port: int,
        secrets: Sequence[str],
        rooms: Sequence[str],
        prefix: str = "p",
        *,
        senders: int = 20,
        dialect: Dialect = BESEDKA,
    ) -> None:
        self._library = ctypes.CDLL(str(compiled("crowd.c", "-shared", "-fPIC")))
        self._library.crowd_run.argtypes = (ctypes.c_void_p, ctypes.c_double)
        self._rooms = rooms
        self._prefix = prefix
        self._dialect = dialect
        self._sockets: list[socket.socket] = []
        self._epolls = select.epoll(), select.epoll()
        self._members = (MemberStructure * len(secrets))()
        self._answered = (ctypes.c_double * ANSWERS_KEPT)()
        eager, lazy = self._epolls
        self._crowd = CrowdStructure(
            eager=eager.fileno(),
            lazy=lazy.fileno(),
            mark=MARK.encode(),
            ack=dialect.ack,
            refusal=dialect.refusal,
            room_for=ANSWERS_KEPT,
            answered=self._answered,
            members=self._members,
            senders=senders,
        )
        for number, secret in enumerate(secrets):
            self._enter(port, number, secret, posts=number < senders)

    def talk(
        self, senders: int, in_flight: int, server: Process, *, warm_up: float, seconds: float
    ) -> Counted:
        """Let the first `senders` keep `in_flight` posts unanswered each; count for `seconds`
        after `warm_up`, then wait until everything posted is answered and heard. Raises
        `AssertionError` unless everybody heard everything once."""
        self._crowd.senders = senders
        self._crowd.is_posting = True
        self._library.crowd_begin(ctypes.byref(self._crowd), in_flight)
        self._run(warm_up)
        counted = self._counted(server, seconds)
        self._settle()
        return counted

    def talk_at(self, rate: float, senders: int, server: Process, *, seconds: float) -> Counted:
        """Let the first `senders`, by turns, post at `rate` a second whatever is answered; the
        last member only reads. The latencies are those from when a post was due to when all had
        heard it. Raises `AssertionError` as `talk` does."""
        due = int(rate * seconds)
        order, latency = (ctypes.c_int32 * due)(), (ctypes.c_double * due)()
        for member in self._members[:senders]:
            member.first = member.posted
        self._crowd.senders = senders
        self._crowd.is_posting = True
        heard = self._members[0].heard
        began = time.monotonic()
        self._crowd.pace = PaceStructure(rate, began, due, 0, 0, 0, heard, order, latency)
        counted = self._counted(server, seconds)
        while self._crowd.pace.done < due:
            self._run(0.05)
            if time.monotonic() > began + seconds + SETTLING_SECONDS:
                raise AssertionError(f"{self._crowd.pace.done} of {due} posts came to all")
        counted.latencies = list(latency)
        self._settle()
        self._crowd.pace = PaceStructure()
        return counted

    def say(self, posts: int) -> None:
        """Let each of the senders say so much, and wait until everybody heard it."""
        self._crowd.is_posting = False
        for _ in range(posts):
            self._library.crowd_begin(ctypes.byref(self._crowd), 1)
            self._run(0.005)
        self._settle()

    def cut(self) -> None:
        """Be gone, as if the line was cut: without a word."""
        for each in self._sockets:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self.close()

    def rest(self, seconds: float) -> None:
        """Only listen."""
        self._crowd.is_posting = False
        self._run(seconds)

    @property
    def size(self) -> int:
        return len(self._sockets)

    def acknowledged(self) -> dict[str, list[str]]:
        """The keys of all posts that were answered, by room."""
        keys: dict[str, list[str]] = {}
        for number, member in enumerate(self._members):
            room = keys.setdefault(self._room(number), [])
            room += (f"{self._name(number)}{post:07}" for post in range(member.acked))
        return keys

    def close(self) -> None:
        for connection in self._sockets:
            connection.close()
        for epoll in self._epolls:
            epoll.close()

    def _enter(self, port: int, number: int, secret: str, *, posts: bool) -> None:
        """Servers do not wait for a hello for ever, nor for a reader: so one after another."""
        connection = connect(port, self._dialect.path, secret)
        self._sockets.append(connection)
        connection.sendall(client_frame(self._dialect.greeting))
        for _ in range(self._dialect.answers):
            await_frame(connection)
        connection.setblocking(False)
        frame, digits = self._frame(number)
        self._members[number] = MemberStructure(
            fd=connection.fileno(),
            posts=posts,
            size=len(frame),
            digits=(ctypes.c_int * 2)(*digits),
            frame=frame,
        )
        self._crowd.count = number + 1
        self._library.crowd_enter(ctypes.byref(self._crowd), number)
        if number % 20 == 0:
            self._run(0)

    def _frame(self, number: int) -> tuple[bytes, list[int]]:
        """A post of this member, and the places of its number: in the key and behind the mark."""
        key = f"{self._name(number)}{NUMBER}"
        text = f"{MARK}{number:04}{NUMBER} ".ljust(TEXT_LENGTH, "x")
        frame = client_frame(self._dialect.post(self._room(number), key, text))
        mark = frame.index(MARK.encode()) + len(f"{MARK}{number:04}")
        return frame, [frame.index(key.encode()) + len(self._name(number)), mark]

    def _name(self, number: int) -> str:
        return f"{self._prefix}-{number:04}-"

    def _room(self, number: int) -> str:
        return self._rooms[number % len(self._rooms)]

    def _counted(self, server: Process, seconds: float) -> Counted:
        crowd, core = self._crowd, CoreClock(CLIENT_CORE)
        deliveries, acks, cpu = crowd.deliveries, crowd.acks, server.cpu_seconds()
        started = time.monotonic()
        self._run(seconds)
        return Counted(
            time.monotonic() - started,
            crowd.deliveries - deliveries,
            crowd.acks - acks,
            server.cpu_seconds() - cpu,
            core.idle(),
            self._answered[acks : min(crowd.acks, ANSWERS_KEPT)],
        )

    def _run(self, seconds: float) -> None:
        if not self._library.crowd_run(ctypes.byref(self._crowd), seconds):
            raise ConnectionResetError("somebody was sent away")

    def _settle(self) -> None:
        """Wait for all answers, and then until everybody heard every post of their room."""
        until = time.monotonic() + SETTLING_SECONDS
        self._crowd.is_posting = False
        while not self._is_settled():
            self._run(0.05)
            if time.monotonic() > until:
                raise AssertionError(self._what_is_missing())
        self._run(0.3)
        assert self._is_settled(), "somebody heard a post twice"

    def _is_settled(self) -> bool:
        posted = self._posted()
        return all(
            member.acked == member.posted and member.heard == posted[self._room(number)]
            for number, member in enumerate(self._members)
        )

    def _what_is_missing(self) -> str:
        posted = self._posted()
        unanswered = sum(each.posted - each.acked for each in self._members)
        unheard = (
            posted[self._room(number)] - each.heard for number, each in enumerate(self._members)
        )
        missing = f"{unanswered} posts without an answer, {sum(unheard)} deliveries missing"
        refused = self._crowd.refused.decode(errors="replace")
        return f"{missing}; {self._crowd.refusals} refusals, the latest: {refused}"

    def _posted(self) -> dict[str, int]:
        """How many posts each room should have heard."""
        posted: dict[str, int] = {}
        for number, member in enumerate(self._members):
            room = self._room(number)
            posted[room] = posted.get(room, 0) + member.posted
        return posted
