"""Counting what people have not read: one statement, however many they and their rooms are, and at
most a thousand posts and a thousand mentions of each, however many there are."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Integer, Select, func, literal_column, select

from adapters.persistence.sql.messages import LIVING_POST
from adapters.persistence.sql.schema import Id, Seq, mentions, messages
from adapters.persistence.sql.statements import LAST_SEQ, as_rows, given, stands_after
from adapters.persistence.sql.transaction import Transaction
from application.ports.message_log import MOST_UNREAD, Unread
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
    counted: dict[UserId, dict[RoomId, Unread]] = {user_id: {} for user_id in read}
    for row in await transaction.rows(COUNT, {"positions": positions}):
        counted[row.user_id][row.room_id] = Unread(row.posts, row.mentions)
    return counted


# They differ anyhow, but so they are taken out of their JSON once, not again for each post that is
# compared with them.
_positions = (
    select(given("positions", user_id=Id, room_id=Id, seq=Seq))
    .distinct()
    .subquery("read_positions")
)
_mine = _positions.c


def counting(most: int) -> Select[Any]:  # Of people, rooms and numbers.
    # Written into the statement: of a parameter PostgreSQL would not know that it is small.
    limit = literal_column(str(most), Integer)
    living = _living.limit(limit).subquery("living")
    of_me = _of_me.limit(limit).subquery("of_me")
    is_by_another = living.c.author_id.is_distinct_from(_mine.user_id)
    posts = select(func.count()).select_from(living).where(is_by_another).correlate(_positions)
    return select(
        _mine.user_id,
        _mine.room_id,
        posts.scalar_subquery().label("posts"),
        select(func.count()).select_from(of_me).scalar_subquery().label("mentions"),
    )


# From the read position on, by the primary key.
_living = (
    select(messages.c.author_id)
    .where(
        stands_after((messages.c.room_id, messages.c.seq), (_mine.room_id, _mine.seq)),
        LIVING_POST,
    )
    .order_by(messages.c.room_id, messages.c.seq)
    .correlate(_positions)
)

# Looked up for one mention after the other: as a join, PostgreSQL might begin with all posts.
_its_post_is_by_another = (
    select(messages.c.author_id.is_distinct_from(_mine.user_id))
    .where(
        messages.c.room_id == mentions.c.room_id,
        messages.c.seq == mentions.c.seq,
        LIVING_POST,
    )
    .correlate(mentions, _positions)
    .scalar_subquery()
)
_of_me = (
    select(mentions.c.seq)
    .where(
        mentions.c.room_id == _mine.room_id,
        mentions.c.user_id == _mine.user_id,
        mentions.c.seq > _mine.seq,
        _its_post_is_by_another,
    )
    .correlate(_positions)
)

COUNT = counting(MOST_UNREAD)
