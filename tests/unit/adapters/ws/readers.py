"""Connections without a socket: what they are sent is kept."""

import json
from typing import Any

from adapters.ws.connection import Connection
from adapters.ws.dialects import PlainDialect, ProtocolDialect
from domain.ids import ConnectionId, SessionId
from domain.user import User

PROTOCOL, PLAIN = ProtocolDialect(), PlainDialect()


class KeptOutbox:
    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def put(self, frames: bytes) -> None:
        self.frames.append(frames)


def a_reader(user: User, name: str = "1") -> Connection:
    connection = Connection(ConnectionId(name), user, SessionId("s"), PROTOCOL)
    connection.outbox = KeptOutbox()  # type: ignore[assignment]  # all that is used of it
    connection.settled = True
    return connection


def received(connection: Connection) -> list[dict[str, Any]]:
    return [each for frames in connection.outbox.frames for each in unframed(frames)]  # type: ignore[attr-defined]  # see above


def unframed(frames: bytes) -> list[dict[str, Any]]:
    found = []
    while frames:
        length, header = frames[1], 2
        if length == 126:
            length, header = int.from_bytes(frames[2:4], "big"), 4
        found.append(json.loads(frames[header : header + length]))
        frames = frames[header + length :]
    return found


def seqs(connection: Connection) -> list[int]:
    return [each["message"]["seq"] for each in received(connection)]
