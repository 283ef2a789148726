"""Holes in what was told of a room are filled from its log: the log is the truth."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence

from adapters.wire import mark_up_in_turns
from adapters.ws.channel import Channel
from application.chat import Chat
from application.tasks import Tasks
from domain.errors import DomainError
from domain.ids import RoomId
from domain.message import Message

# How many entries are read at once: so many, marked up, are still kept when they are delivered.
AT_ONCE = 100

Deliver = Callable[[RoomId, Sequence[Message]], None]


class Healing:
    """Reads the log of a room on from its channel's head until nothing is missing. `channels` is
    looked at anew for each step: while the log is read, the last listener may go and come back.
    """

    def __init__(self, chat: Chat, channels: Mapping[RoomId, Channel], deliver: Deliver) -> None:
        self._chat = chat
        self._channels = channels
        self._deliver = deliver
        self._tasks = Tasks()
        # Whether more was told while the room was being healed, and set aside.
        self._more: dict[RoomId, bool] = {}

    def start(self, room_id: RoomId, *, patience: float = 0.0) -> None:
        """Heal the room; `patience` seconds are left for what is still on its way."""
        healing = room_id in self._more
        self._more[room_id] = True
        if not healing:
            self._tasks.start(self._heal(room_id, patience), name=f"heal {room_id}")

    async def close(self) -> None:
        await self._tasks.cancel()

    async def _heal(self, room_id: RoomId, patience: float) -> None:
        try:
            await asyncio.sleep(patience)
            # With the store away it ends here: the next message or the beacon starts it again.
            with contextlib.suppress(DomainError):
                while self._more[room_id]:
                    self._more[room_id] = False
                    while missed := await self._missed(room_id):
                        self._deliver(room_id, missed)
        finally:
            del self._more[room_id]

    async def _missed(self, room_id: RoomId) -> list[Message]:
        channel = self._channels.get(room_id)
        if channel is None:
            return []
        missed = await self._chat.heal_room.missed(room_id, after=channel.head, limit=AT_ONCE)
        await mark_up_in_turns(missed)
        return missed
