"""Rooms in SQL."""

from collections.abc import Collection

from sqlalchemy import bindparam, exists, or_, select, update

from adapters.persistence.sql.errors import Violation
from adapters.persistence.sql.rows import readable, room_of, room_values
from adapters.persistence.sql.schema import ADDRESSES, Id, Seq, memberships, rooms
from adapters.persistence.sql.statements import as_rows, given, has_part, insert_unless_there
from adapters.persistence.sql.transaction import Transaction
from application.ports.room_repository import RoomRepository
from domain.errors import RoomNameTaken, RoomNotFound
from domain.ids import RoomId, UserId
from domain.room import Room, Visibility


class SqlRoomRepository(RoomRepository):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._addresses: dict[RoomId, tuple[object, ...]] = {}

    async def add(self, room: Room) -> None:
        insert = insert_unless_there(rooms, self._transaction.dialect)
        if not await self._transaction.write(insert, room_values(room)):
            raise RoomNameTaken(_title(room))
        self._remember(room)

    async def save(self, room: Room) -> None:
        self._transaction.require_locked(room.id)
        await self._require_free(room)
        values = room_values(room)
        changed = {f"new_{name}": values[name] for name in _CHANGING}
        try:
            await self._transaction.write(_SAVE, {"id_of_room": room.id, **changed})
        except Violation as error:
            # Else it is of something that was to be written soon.
            raise (RoomNameTaken(_title(room)) if error.name in ADDRESSES else error) from error
        self._addresses[room.id] = _address(room)

    async def save_heads(self, rooms: Collection[Room]) -> None:
        for room in rooms:
            self._transaction.require_locked(room.id)
        heads = as_rows((room.id, room.head) for room in rooms)
        await self._transaction.write_soon(_SAVE_HEADS, [{"heads": heads}])

    async def find(self, room_id: RoomId) -> Room | None:
        row = await self._transaction.row(_FIND, {"id_of_room": room_id})
        return room_of(row) if row else None

    async def lock(self, room_id: RoomId) -> Room:
        self._transaction.require_writable()
        row = await self._transaction.row(_LOCK, {"id_of_room": room_id})
        if row is None:
            raise RoomNotFound
        room = room_of(row)
        self._remember(room)
        return room

    async def lock_many(self, room_ids: Collection[RoomId]) -> dict[RoomId, Room]:
        self._transaction.require_writable()
        wanted = {"room_ids": as_rows((room_id,) for room_id in room_ids)}
        rooms = [room_of(row) for row in await self._transaction.rows(_LOCK_MANY, wanted)]
        for room in rooms:
            self._remember(room)
        return {room.id: room for room in rooms}

    async def find_by_name(self, folded: str) -> Room | None:
        row = await self._transaction.row(_BY_NAME, {"name": folded})
        return room_of(row) if row else None

    async def find_direct(self, direct_key: str) -> Room | None:
        row = await self._transaction.row(_DIRECT, {"key": direct_key})
        return room_of(row) if row else None

    async def list_visible(
        self, user_id: UserId, *, query: str, after: str, limit: int
    ) -> list[Room]:
        values = {"user_id": user_id, "query": query, "after": after, "limit": limit}
        statement = _SEARCH if query else _VISIBLE
        return readable(room_of, await self._transaction.rows(statement, values))

    async def heads(self, room_ids: list[RoomId]) -> dict[RoomId, int]:
        rows = await self._transaction.rows(
            _HEADS, {"room_ids": as_rows((room_id,) for room_id in room_ids)}
        )
        return {row.id: row.head for row in rows}

    def _remember(self, room: Room) -> None:
        self._transaction.lock(room.id)
        self._addresses[room.id] = _address(room)

    async def _require_free(self, room: Room) -> None:
        """Asked before a new name is stored: PostgreSQL gives a transaction up for a name that
        is taken, and the unit may have other things to do."""
        if _address(room) == self._addresses[room.id] or room.is_archived:
            return
        values = {"id_of_room": room.id, "name": room.name and room.name.folded}
        if await self._transaction.row(_TAKEN, {**values, "key": room.direct_key}):
            raise RoomNameTaken(_title(room))


def _address(room: Room) -> tuple[object, ...]:
    """What must be unique about it, as long as it is in use."""
    return room.name, room.direct_key, room.is_archived


def _title(room: Room) -> str:
    return room.name.value if room.name else room.direct_key or ""


_CHANGING = tuple(column.name for column in rooms.c if column.name not in {"id", "created_at"})

_THIS = rooms.c.id == bindparam("id_of_room")
_IN_USE = rooms.c.archived_at.is_(None)
_NAMED = rooms.c.folded == bindparam("name")
_BETWEEN = rooms.c.direct_key == bindparam("key")
_JOINED = exists().where(
    memberships.c.room_id == rooms.c.id, memberships.c.user_id == bindparam("user_id")
)

_FIND = select(rooms).where(_THIS)
_LOCK = _FIND.with_for_update()  # SQLite has no such words: there, a unit locks everything.
_GIVEN = rooms.c.id.in_(select(given("room_ids", id=Id)))
# In one order for all, so that two who lock the same rooms do not wait for each other.
_LOCK_MANY = select(rooms).where(_GIVEN).order_by(rooms.c.id).with_for_update(of=rooms)
_heads = given("heads", id=Id, head=Seq)
_SAVE_HEADS = update(rooms).where(rooms.c.id == _heads.c.id).values(head=_heads.c.head)
_BY_NAME = select(rooms).where(_NAMED, _IN_USE)
_DIRECT = select(rooms).where(_BETWEEN, _IN_USE)
_TAKEN = select(rooms.c.id).where(or_(_NAMED, _BETWEEN), _IN_USE, ~_THIS)
_SAVE = update(rooms).where(_THIS).values({name: bindparam(f"new_{name}") for name in _CHANGING})
_VISIBLE = (
    select(rooms)
    .where(_IN_USE, rooms.c.folded > bindparam("after"))
    .where(
        or_(
            rooms.c.visibility == Visibility.PUBLIC.value,
            (rooms.c.visibility == Visibility.PRIVATE.value) & _JOINED,
        )
    )
    .order_by(rooms.c.folded)
    .limit(bindparam("limit"))
)
_SEARCH = _VISIBLE.where(has_part(rooms.c.folded, bindparam("query", type_=rooms.c.folded.type)))
_HEADS = select(rooms.c.id, rooms.c.head).where(_GIVEN, _IN_USE)
