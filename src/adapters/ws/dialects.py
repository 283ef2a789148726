"""What is pushed, in the words of each socket: whole WebSocket frames, pure.

A dialect that has no word for something says nothing: `b""`.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from adapters.wire import encode, message_body, time_text
from adapters.ws.frames import text_frame
from domain.ids import UserId
from domain.message import Kind, Message
from domain.narration import narrate


class Dialect(Protocol):
    def messages(self, messages: Sequence[Message], reader: UserId | None) -> bytes:
        """What happened in a room, for `reader`, or for all who wrote none of it."""
        ...

    def push(self, kind: str, fields: Mapping[str, object]) -> bytes:
        """Any other push: its type and fields."""
        ...


class ProtocolDialect(Dialect):
    """`/ws`: JSON objects with a `type`."""

    def messages(self, messages: Sequence[Message], reader: UserId | None) -> bytes:
        return b"".join(
            self.push("message", {"message": message_body(message, reader=reader)})
            for message in messages
        )

    def push(self, kind: str, fields: Mapping[str, object]) -> bytes:
        return text_frame(encode({"type": kind, **fields}))


class PlainDialect(Dialect):
    """`/ws/{room name}`: what was said and who said it; an emptied room is a command."""

    def messages(self, messages: Sequence[Message], reader: UserId | None) -> bytes:
        return b"".join(text_frame(encode(_plain(message))) for message in messages)

    def push(self, kind: str, fields: Mapping[str, object]) -> bytes:
        return b""

    def note(self, text: str) -> bytes:
        """The output of a command, or what was wrong."""
        return text_frame(encode({"text": text}))


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
