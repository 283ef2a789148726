"""Holes in what was told of a room are filled from its log: the log is the truth."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence

from adapters.wire import mark_up_in_turns
from adapters.ws.channel import Channel
from application.chat import Chat
from application.tasks import Tasks
from domain.errors import DomainError
from domain.ids import RoomId, UserId
from domain.message import Message

# How many entries are read at once: so many, marked up, are still kept when they are delivered.
AT_ONCE = 100

Deliver = Callable[[RoomId, Sequence[Message]], None]
Regather = Callable[[RoomId, frozenset[UserId], int], None]


class Healing:
    """Reads the log of a room on from its channel's head until nothing is missing. `channels` is
    looked at anew for each step: while the log is read, the last listener may go and come back.

    Where the missing part was cleared meanwhile, `regather` is told who are the members, before
    the rest is delivered: a removal may have been in there. `gaps` counts what was healed.
    """

    def __init__(
        self,
        chat: Chat,
        channels: Mapping[RoomId, Channel],
        deliver: Deliver,
        regather: Regather,
    ) -> None:
        self.gaps = 0
        self._chat = chat
        self._channels = channels
        self._deliver = deliver
        self._regather = regather
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
                        self.gaps += 1
                        self._deliver(room_id, missed)
        finally:
            del self._more[room_id]

    async def _missed(self, room_id: RoomId) -> list[Message]:
        channel = self._channels.get(room_id)
        if channel is None:
            return []
        after = channel.head
        missed = await self._chat.heal_room.missed(room_id, after=after, limit=AT_ONCE)
        if missed and missed[0].seq > after + 1:
            return await self._regathered(room_id, after)
        await mark_up_in_turns(missed)
        return missed

    async def _regathered(self, room_id: RoomId, after: int) -> list[Message]:
        rest = await self._chat.heal_room.regathered(room_id, after=after)
        await mark_up_in_turns(rest.messages)
        channel = self._channels.get(room_id)
        # Whatever was delivered meanwhile came in order: then there is no hole there any more.
        if channel and rest.messages and rest.messages[0].seq > channel.head + 1:
            self._regather(room_id, rest.members, rest.messages[0].seq - 1)
        return rest.messages
