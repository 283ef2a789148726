"""Holes in what was told of a room are filled from its log: the log is the truth."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from adapters.ws.channel import Channel
from application.chat import Chat
from application.tasks import Tasks
from domain.errors import DomainError
from domain.ids import RoomId
from domain.message import Message

Deliver = Callable[[Channel, Sequence[Message]], None]


class Healing:
    """Reads the log of a room on from its channel's head until nothing is missing."""

    def __init__(self, chat: Chat, deliver: Deliver) -> None:
        self._chat = chat
        self._deliver = deliver
        self._tasks = Tasks()
        # Whether more was told while the room was being healed, and set aside.
        self._more: dict[RoomId, bool] = {}

    def start(self, channel: Channel, *, patience: float = 0.0) -> None:
        """Heal the room; `patience` seconds are left for what is still on its way."""
        healing = channel.room_id in self._more
        self._more[channel.room_id] = True
        if not healing:
            self._tasks.start(self._heal(channel, patience), name=f"heal {channel.room_id}")

    async def close(self) -> None:
        await self._tasks.cancel()

    async def _heal(self, channel: Channel, patience: float) -> None:
        room_id = channel.room_id
        try:
            await asyncio.sleep(patience)
            # With the store away it ends here: the next message or the beacon starts it again.
            with contextlib.suppress(DomainError):
                while self._more[room_id] and channel.listeners:
                    self._more[room_id] = False
                    while missed := await self._chat.heal_room.missed(room_id, after=channel.head):
                        self._deliver(channel, missed)
        finally:
            del self._more[room_id]
