"""Turns within one process: MongoDB does not let a second writer of a room wait, it refuses them.
So those of one process wait here, and only different nodes meet each other at the server."""

import asyncio
from weakref import WeakValueDictionary

from domain.errors import RoomHeld
from domain.ids import RoomId


class Turns:
    """One lock per room that anybody waits for or holds."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[RoomId, asyncio.Lock] = WeakValueDictionary()

    async def take(self, room_id: RoomId, seconds: float) -> asyncio.Lock:
        """The lock, which is ours to release. Raises `RoomHeld` if it is not free in time:
        two units that lock two rooms in opposite order would wait for each other for ever."""
        lock = self._locks.get(room_id)
        if lock is None:
            lock = self._locks[room_id] = asyncio.Lock()
        try:
            async with asyncio.timeout(seconds):
                await lock.acquire()
        except TimeoutError as error:
            raise RoomHeld(f"room {room_id} is locked for too long") from error
        return lock
