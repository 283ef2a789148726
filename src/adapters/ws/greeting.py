"""Between the snapshot that a hello reads and the moment it is answered, rooms go on."""

from collections.abc import Iterable, Mapping

from adapters.ws.connection import Connection
from domain.events import RoomAppended
from domain.ids import RoomId
from domain.message import ADMITTING, EXPELLING


def heads_after(
    connection: Connection, missed: Iterable[RoomAppended], snapshot: Mapping[RoomId, int]
) -> dict[RoomId, int]:
    """The rooms that the person is in after all that was missed, each with the last seq that the
    connection knows: of the snapshot, or of their joining."""
    heads = dict(snapshot)
    for event in missed:
        for message in event.messages:
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
    connection: Connection, missed: Iterable[RoomAppended], heads: Mapping[RoomId, int]
) -> dict[RoomId, int]:
    """Send what came after these heads; returns the heads after that."""
    reached = dict(heads)
    for event in missed:
        head = reached.get(event.room_id)
        if head is None:
            continue
        new = [message for message in event.messages if message.seq > head]
        if new:
            connection.outbox.put(connection.dialect.messages(new, connection.user.id))
            reached[event.room_id] = new[-1].seq
    return reached
