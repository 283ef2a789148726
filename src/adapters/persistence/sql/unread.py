"""Counting what a person has not read: one statement, however many rooms they are in."""

from collections.abc import Mapping

from sqlalchemy import and_, bindparam, func, select

from adapters.persistence.sql.messages import LIVING_POST
from adapters.persistence.sql.schema import Id, Seq, mentions, messages
from adapters.persistence.sql.statements import LAST_SEQ, as_rows, given
from adapters.persistence.sql.transaction import Transaction
from application.ports.message_log import Unread
from domain.ids import RoomId, UserId


async def count_unread(
    transaction: Transaction, user_id: UserId, read: Mapping[RoomId, int]
) -> dict[RoomId, Unread]:
    """As the port promises it: a number for each of the given rooms."""
    positions = as_rows((room_id, min(seq, LAST_SEQ)) for room_id, seq in read.items())
    rows = await transaction.rows(COUNT, {"positions": positions, "me": user_id})
    counted = {row.room_id: Unread(row.posts, row.mentions) for row in rows}
    return {room_id: counted.get(room_id, Unread()) for room_id in read}


_positions = given("positions", room_id=Id, seq=Seq)
_me = bindparam("me", type_=Id)
_new = and_(
    messages.c.room_id == _positions.c.room_id,
    messages.c.seq > _positions.c.seq,
    LIVING_POST,
    messages.c.author_id.is_distinct_from(_me),
)
_of_me = and_(
    mentions.c.room_id == messages.c.room_id,
    mentions.c.user_id == _me,
    mentions.c.seq == messages.c.seq,
)

COUNT = (
    select(
        messages.c.room_id,
        func.count().label("posts"),
        func.count(mentions.c.seq).label("mentions"),
    )
    .select_from(_positions.join(messages, _new).outerjoin(mentions, _of_me))
    .group_by(messages.c.room_id)
)
