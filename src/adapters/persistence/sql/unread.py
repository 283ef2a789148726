"""Counting what people have not read: one statement, however many they and their rooms are."""

from collections.abc import Mapping

from sqlalchemy import and_, func, select

from adapters.persistence.sql.messages import LIVING_POST
from adapters.persistence.sql.schema import Id, Seq, mentions, messages
from adapters.persistence.sql.statements import LAST_SEQ, as_rows, given
from adapters.persistence.sql.transaction import Transaction
from application.ports.message_log import NOTHING_UNREAD, Unread
from domain.ids import RoomId, UserId


async def count_unread(
    transaction: Transaction, read: Mapping[UserId, Mapping[RoomId, int]]
) -> dict[UserId, dict[RoomId, Unread]]:
    """As the port promises it: a number for each of the given people and rooms."""
    positions = as_rows(
        (user_id, room_id, min(seq, LAST_SEQ))
        for user_id, rooms in read.items()
        for room_id, seq in rooms.items()
    )
    rows = await transaction.rows(COUNT, {"positions": positions})
    counted = {(row.user_id, row.room_id): Unread(row.posts, row.mentions) for row in rows}
    return {
        user_id: {room_id: counted.get((user_id, room_id), NOTHING_UNREAD) for room_id in rooms}
        for user_id, rooms in read.items()
    }


_positions = given("positions", user_id=Id, room_id=Id, seq=Seq)
_new = and_(
    messages.c.room_id == _positions.c.room_id,
    messages.c.seq > _positions.c.seq,
    LIVING_POST,
    messages.c.author_id.is_distinct_from(_positions.c.user_id),
)
_of_me = and_(
    mentions.c.room_id == messages.c.room_id,
    mentions.c.user_id == _positions.c.user_id,
    mentions.c.seq == messages.c.seq,
)

COUNT = (
    select(
        _positions.c.user_id,
        messages.c.room_id,
        func.count().label("posts"),
        func.count(mentions.c.seq).label("mentions"),
    )
    .select_from(_positions.join(messages, _new).outerjoin(mentions, _of_me))
    .group_by(_positions.c.user_id, messages.c.room_id)
)
