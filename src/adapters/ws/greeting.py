"""Between the snapshot that a hello reads and the moment it is answered, rooms go on."""

from collections.abc import Iterable, Mapping

from adapters.ws.connection import Connection
from domain.events import RoomAppended
from domain.ids import RoomId
from domain.message import ADMITTING, EXPELLING, Message


def in_order(events: Iterable[RoomAppended]) -> list[Message]:
    """Each message once, those of a room by seq: what had been lost was told late, and what was
    read from the log because of that may have been told as well."""
    messages = {(each.room_id, each.seq): each for event in events for each in event.messages}
    return [messages[place] for place in sorted(messages)]


def heads_after(
    connection: Connection, missed: Iterable[Message], snapshot: Mapping[RoomId, int]
) -> dict[RoomId, int]:
    """The rooms that the person is in after all that was missed, each with the last seq that the
    connection knows: of the snapshot, or of their joining."""
    heads = dict(snapshot)
    for message in missed:
        person = message.member
        about_me = person is not None and person.id == connection.user.id
        if not about_me or message.seq <= snapshot.get(message.room_id, 0):
            continue
        if message.kind in ADMITTING and connection.wants(message.room_id):
            heads[message.room_id] = message.seq
        elif message.kind in EXPELLING:
            heads.pop(message.room_id, None)
    return heads


def push_missed(
    connection: Connection, missed: Iterable[Message], heads: Mapping[RoomId, int]
) -> dict[RoomId, int]:
    """Send what came after these heads, as far as it has no hole: a removal may be in there.
    Returns the heads after that."""
    reached = dict(heads)
    for message in missed:
        if message.seq == reached.get(message.room_id, -1) + 1:
            shown = connection.dialect.message(message)
            is_mine = message.is_by(connection.user.id)
            connection.outbox.put(shown.to_author if is_mine else shown.to_others)
            reached[message.room_id] = message.seq
    return reached
