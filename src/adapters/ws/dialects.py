"""What is pushed, in the words of each socket: whole WebSocket frames, pure.

A dialect that has no word for something says nothing: `b""`.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from adapters.wire import encode, message_body, time_text
from adapters.ws.frames import text_frame
from domain.ids import UserId
from domain.message import Kind, Message
from domain.narration import narrate


class Shown(NamedTuple):
    """A message as a frame: only its author gets the key."""

    to_others: bytes
    to_author: bytes


class Dialect(Protocol):
    def message(self, message: Message) -> Shown:
        """What happened in a room."""
        ...

    def push(self, kind: str, fields: Mapping[str, object]) -> bytes:
        """Any other push: its type and fields."""
        ...


class ProtocolDialect(Dialect):
    """`/ws`: JSON objects with a `type`."""

    def message(self, message: Message) -> Shown:
        body = message_body(message)
        to_others = self.push("message", {"message": body})
        if message.key is None:
            return Shown(to_others, to_others)
        body.key = message.key
        return Shown(to_others, self.push("message", {"message": body}))

    def push(self, kind: str, fields: Mapping[str, object]) -> bytes:
        return text_frame(encode({"type": kind, **fields}))


class PlainDialect(Dialect):
    """`/ws/{room name}`: what was said and who said it; an emptied room is a command."""

    def message(self, message: Message) -> Shown:
        line = text_frame(encode(_plain(message)))
        return Shown(line, line)

    def push(self, kind: str, fields: Mapping[str, object]) -> bytes:
        return b""

    def note(self, text: str) -> bytes:
        """The output of a command, or what was wrong."""
        return text_frame(encode({"text": text}))


class Encoded(NamedTuple):
    """Messages as frames, joined once for all who share them."""

    to_others: bytes
    to_authors: dict[UserId, bytes]


def encode_all(messages: Sequence[Message], dialect: Dialect) -> Encoded:
    shown = [dialect.message(message) for message in messages]
    to_others = [each.to_others for each in shown]
    written: dict[UserId, list[int]] = {}
    for place, message in enumerate(messages):
        if message.author and message.key:
            written.setdefault(message.author.id, []).append(place)
    to_authors = {}
    for author, places in written.items():
        frames = to_others.copy()
        for place in places:
            frames[place] = shown[place].to_author
        to_authors[author] = b"".join(frames)
    return Encoded(b"".join(to_others), to_authors)


def _plain(message: Message) -> dict[str, object]:
    if message.kind is Kind.CLEARED:
        return {"cmd": "empty"}
    said = message.kind is Kind.POSTED and message.author
    return {
        "user": said.username if said else None,
        "text": narrate(message),
        "created_at": time_text(message.at),
        "seq": message.seq,
    }
