"""Stars in SQL."""

from collections.abc import Iterable

from sqlalchemy import and_, bindparam, delete, select, tuple_

from adapters.persistence.sql.rows import star_of, star_values
from adapters.persistence.sql.schema import Id, Seq, stars
from adapters.persistence.sql.statements import (
    LAST_SEQ,
    given,
    insert_unless_there,
    places_as_rows,
)
from adapters.persistence.sql.time import milliseconds
from adapters.persistence.sql.transaction import Transaction
from application.ports.star_repository import StarRepository
from domain.ids import RoomId, UserId
from domain.star import Star


class SqlStarRepository(StarRepository):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, star: Star) -> None:
        insert = insert_unless_there(stars, self._transaction.dialect)
        await self._transaction.write(insert, star_values(star))

    async def remove(self, user_id: UserId, room_id: RoomId, seq: int) -> None:
        values = {"user": user_id, "room": room_id, "place": min(seq, LAST_SEQ)}
        await self._transaction.write(_REMOVE, values)

    async def list_of(
        self, user_id: UserId, *, before: Star | None = None, limit: int
    ) -> list[Star]:
        values: dict[str, object] = {"user": user_id, "limit": limit}
        if before is None:
            return [star_of(row) for row in await self._transaction.rows(_LATEST, values)]
        values["before_at"] = milliseconds(before.starred_at)
        values["before_room"], values["before_seq"] = before.room_id, before.seq
        return [star_of(row) for row in await self._transaction.rows(_EARLIER, values)]

    async def starred(
        self, user_id: UserId, places: Iterable[tuple[RoomId, int]]
    ) -> frozenset[tuple[RoomId, int]]:
        values = {"user": user_id, "places": places_as_rows(places)}
        rows = await self._transaction.rows(_STARRED, values)
        return frozenset((row.room_id, row.seq) for row in rows)


_MINE = stars.c.user_id == bindparam("user")
_given = given("places", room_id=Id, seq=Seq)

_REMOVE = delete(stars).where(
    _MINE, stars.c.room_id == bindparam("room"), stars.c.seq == bindparam("place")
)
_LATEST = (
    select(stars)
    .where(_MINE)
    .order_by(stars.c.starred_at.desc(), stars.c.room_id.desc(), stars.c.seq.desc())
    .limit(bindparam("limit"))
)
_EARLIER = _LATEST.where(
    tuple_(stars.c.starred_at, stars.c.room_id, stars.c.seq)
    < tuple_(
        bindparam("before_at", type_=stars.c.starred_at.type),
        bindparam("before_room", type_=stars.c.room_id.type),
        bindparam("before_seq", type_=stars.c.seq.type),
    )
)
_STARRED = select(stars.c.room_id, stars.c.seq).select_from(
    _given.join(
        stars, and_(_MINE, stars.c.room_id == _given.c.room_id, stars.c.seq == _given.c.seq)
    )
)
