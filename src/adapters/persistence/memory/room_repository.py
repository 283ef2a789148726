"""Rooms in memory."""

from collections.abc import Collection
from dataclasses import replace
from heapq import nsmallest

from adapters.persistence.memory.journal import Journal
from adapters.persistence.memory.tables import Tables
from application.ports.room_repository import RoomRepository
from domain.errors import RoomNameTaken, RoomNotFound
from domain.ids import RoomId, UserId
from domain.room import Room


class MemoryRoomRepository(RoomRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._tables = tables
        self._journal = journal

    async def add(self, room: Room) -> None:
        self._journal.require_writable()
        self._require_free(room)
        self._journal.lock(room.id)
        self._journal.put(self._tables.rooms, room.id, replace(room))
        self._index(room)

    async def save(self, room: Room) -> None:
        self._journal.require_locked(room.id)
        self._require_free(room)
        before = self._tables.rooms[room.id]
        if (before.name, before.archived_at) != (room.name, room.archived_at):
            self._forget(before)
            self._index(room)
        self._journal.put(self._tables.rooms, room.id, replace(room))

    async def save_heads(self, rooms: Collection[Room]) -> None:
        for room in rooms:
            self._journal.require_locked(room.id)
            stored = self._tables.rooms[room.id]
            self._journal.put(self._tables.rooms, room.id, replace(stored, head=room.head))

    async def find(self, room_id: RoomId) -> Room | None:
        room = self._tables.rooms.get(room_id)
        return room and replace(room)

    async def lock(self, room_id: RoomId) -> Room:
        self._journal.require_writable()
        room = self._tables.rooms.get(room_id)
        if room is None:
            raise RoomNotFound
        self._journal.lock(room_id)
        return replace(room)

    async def lock_many(self, room_ids: Collection[RoomId]) -> dict[RoomId, Room]:
        self._journal.require_writable()
        there = [room_id for room_id in room_ids if room_id in self._tables.rooms]
        return {room_id: await self.lock(room_id) for room_id in there}

    async def find_by_name(self, folded: str) -> Room | None:
        room_id = self._tables.room_names.get(folded)
        return replace(self._tables.rooms[room_id]) if room_id else None

    async def find_direct(self, direct_key: str) -> Room | None:
        room_id = self._tables.direct_rooms.get(direct_key)
        return replace(self._tables.rooms[room_id]) if room_id else None

    async def list_visible(
        self, user_id: UserId, *, query: str, after: str, limit: int
    ) -> list[Room]:
        visible = (
            (name, room_id)
            for name, room_id in self._tables.room_names.items()
            if query in name and name > after and self._is_visible(room_id, user_id)
        )
        return [replace(self._tables.rooms[room_id]) for _, room_id in nsmallest(limit, visible)]

    async def heads(self, room_ids: list[RoomId]) -> dict[RoomId, int]:
        rooms = (self._tables.rooms.get(room_id) for room_id in room_ids)
        return {room.id: room.head for room in rooms if room and not room.is_archived}

    def _is_visible(self, room_id: RoomId, user_id: UserId) -> bool:
        room = self._tables.rooms[room_id]
        is_member = user_id in self._tables.members[room_id]
        return room.is_public or (is_member and not room.is_direct)

    def _require_free(self, room: Room) -> None:
        if room.is_archived:
            return
        names, direct = self._tables.room_names, self._tables.direct_rooms
        if room.name and names.get(room.name.folded, room.id) != room.id:
            raise RoomNameTaken(room.name.value)
        if room.direct_key and direct.get(room.direct_key, room.id) != room.id:
            raise RoomNameTaken(room.direct_key)

    def _index(self, room: Room) -> None:
        if room.is_archived:
            return
        if room.name:
            self._journal.put(self._tables.room_names, room.name.folded, room.id)
        if room.direct_key:
            self._journal.put(self._tables.direct_rooms, room.direct_key, room.id)

    def _forget(self, room: Room) -> None:
        if room.is_archived:
            return
        if room.name:
            self._journal.drop(self._tables.room_names, room.name.folded)
        if room.direct_key:
            self._journal.drop(self._tables.direct_rooms, room.direct_key)
