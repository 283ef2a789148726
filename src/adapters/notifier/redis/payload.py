"""Events as nodes send them to each other: MessagePack, whole entities, with what tells a stranger.

    [version, epoch of the store, node, kind, event]

Whatever comes in was sent by somebody with access to Redis, perhaps by an older or newer version
of this program, or for another site: it is an event that makes sense, or one clear reason why not.
"""

from collections.abc import Mapping

import msgspec

from domain.events import (
    Event,
    PersonRenamed,
    PersonTyped,
    PresenceChanged,
    ReadMoved,
    RoomAppended,
    RoomArchived,
    RoomsMissed,
    SessionsEnded,
)
from domain.ids import RoomId

VERSION = 1

# Bytes. A batch of more is not sent: who follows the room is told to read its log.
LARGEST = 1_000_000


class Unreadable(Exception):
    """It is no event, or none that this version knows."""


class Foreign(Exception):
    """Told of another store."""


class OurOwn(Exception):
    """This node sent it itself."""


class _Envelope(msgspec.Struct, array_like=True):
    version: int
    epoch: str
    node: str
    kind: str
    event: msgspec.Raw


_KINDS: Mapping[type[Event], str] = {
    RoomAppended: "appended",
    RoomArchived: "archived",
    RoomsMissed: "missed",
    PersonTyped: "typed",
    PresenceChanged: "presence",
    ReadMoved: "read",
    PersonRenamed: "renamed",
    SessionsEnded: "ended",
}
_DECODERS = {kind: msgspec.msgpack.Decoder(event) for event, kind in _KINDS.items()}
_envelopes = msgspec.msgpack.Decoder(_Envelope)
_encoder = msgspec.msgpack.Encoder()


def encode(event: Event, *, epoch: str, node: str) -> bytes:
    """At most `LARGEST` bytes, where a smaller word for it exists."""
    body = _encoder.encode(event)
    if len(body) > LARGEST and isinstance(event, RoomAppended):
        return encode(RoomsMissed((event.room_id,)), epoch=epoch, node=node)
    return _encoder.encode(_Envelope(VERSION, epoch, node, _KINDS[type(event)], msgspec.Raw(body)))


def decode(payload: bytes, *, epoch: str, node: str, room_id: RoomId | None) -> Event:
    """What came in on the channel of this room, or on that of everybody. Raises `Unreadable`,
    `Foreign`, `OurOwn`."""
    if len(payload) > 2 * LARGEST:
        raise Unreadable
    try:
        envelope = _envelopes.decode(payload)
        if envelope.epoch != epoch:
            raise Foreign
        if envelope.node == node:
            raise OurOwn
        if envelope.version != VERSION:
            return _of_another_version(room_id)
        event: Event = _DECODERS[envelope.kind].decode(envelope.event)
    except (msgspec.MsgspecError, ValueError, KeyError, RecursionError, OverflowError) as error:
        raise Unreadable from error
    if not _makes_sense(event, room_id):
        raise Unreadable
    return event


def _of_another_version(room_id: RoomId | None) -> Event:
    """While nodes are updated one after another: that something happened is all that is clear."""
    if room_id is None:
        raise Unreadable
    return RoomsMissed((room_id,))


def _makes_sense(event: Event, room_id: RoomId | None) -> bool:
    match event:
        case RoomAppended(about, messages):
            first = messages[0].seq if messages else 0
            return (
                first > 0
                and room_id in {None, about}
                and all(each.room_id == about for each in messages)
                and all(each.seq == first + place for place, each in enumerate(messages))
            )
        case RoomsMissed((about,)):
            return room_id in {None, about}
        case RoomArchived(about) | PersonTyped(about):
            return about == room_id
        case _:
            return room_id is None
