"""Clients that come back all at once, each of which says where it was and hears what it missed."""

import heapq
import json
import selectors
import socket
import time
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bench.crowd import MARK
from bench.dialects import BESEDKA
from bench.websocket import await_frame, client_frame, connect, upgrade

PATIENCE = 60.0
READ_AT_ONCE = 1 << 16
# Whoever is turned away at the door comes again after so many seconds, as they are told there.
RETRY_AFTER = 1.0


@dataclass(frozen=True)
class Place:
    """Where a client was: in which life of the store, after which message of which room."""

    epoch: str
    room: str
    seq: int

    @property
    def hello(self) -> bytes:
        resume = {"epoch": self.epoch, "rooms": {self.room: self.seq}}
        return json.dumps({"id": 0, "type": "hello", "resume": resume}).encode()


@dataclass
class Returned:
    """Seconds from the first knock to each client's having heard everything, in ascending order;
    how often somebody was turned away and came again; and who was not back after `PATIENCE`."""

    seconds: list[float] = field(default_factory=list)
    turned_away: int = 0
    lost: int = 0


class TurnedAway(Exception):
    pass


def places(port: int, secret: str) -> list[Place]:
    """The rooms of this person with their last messages, as they are told at the door."""
    connection = connect(port, BESEDKA.path, secret)
    connection.sendall(client_frame(BESEDKA.greeting))
    told = json.loads(await_frame(connection))
    connection.close()
    return [Place(told["epoch"], each["id"], each["head"]) for each in told["rooms"]]


def all_return(port: int, clients: Sequence[tuple[str, Place]], missed: int) -> Returned:
    """These sessions, each from its place. Raises `AssertionError` if somebody hears more than the
    `missed` posts, or fewer."""
    selector = selectors.DefaultSelector()
    returned = Returned()
    began = time.monotonic()
    due = [(began, number) for number in range(len(clients))]
    connections = []
    while len(returned.seconds) < len(clients) and (now := time.monotonic()) < began + PATIENCE:
        while due and due[0][0] <= now:
            _, number = heapq.heappop(due)
            connection = _knocking(port)
            connections.append(connection)
            returning = _returning(connection, port, *clients[number], missed)
            selector.register(connection, next(returning), (number, returning))
        for key, _ in selector.select(0.05):
            number, returning = key.data
            try:
                selector.modify(key.fileobj, next(returning), key.data)
            except StopIteration:
                selector.unregister(key.fileobj)
                returned.seconds.append(time.monotonic() - began)
            except TurnedAway:
                selector.unregister(key.fileobj)
                returned.turned_away += 1
                heapq.heappush(due, (time.monotonic() + RETRY_AFTER, number))
    for connection in connections:
        connection.close()
    returned.lost = len(clients) - len(returned.seconds)
    returned.seconds += [PATIENCE] * returned.lost
    return returned


def _knocking(port: int) -> socket.socket:
    connection = socket.socket()
    connection.setblocking(False)
    with suppress(BlockingIOError):
        connection.connect(("127.0.0.1", port))
    return connection


def _returning(
    connection: socket.socket, port: int, secret: str, place: Place, missed: int
) -> Generator[int]:
    """One client: yields what it waits for. Raises `TurnedAway` if it is not let in."""
    yield selectors.EVENT_WRITE
    assert not connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), "nobody is there"
    connection.sendall(upgrade(port, BESEDKA.path, secret))
    answer = b""
    while b"\r\n\r\n" not in answer:
        yield selectors.EVENT_READ
        answer += _read(connection)
    if b" 101 " not in answer.partition(b"\r\n")[0]:
        raise TurnedAway
    connection.sendall(client_frame(place.hello))
    heard = 0
    while heard < missed:
        yield selectors.EVENT_READ
        heard += _read(connection).count(MARK.encode())
    assert heard == missed, f"{heard} posts for {missed}"


def _read(connection: socket.socket) -> bytes:
    data = connection.recv(READ_AT_ONCE)
    if not data:
        raise TurnedAway
    return data
