"""How those are received who come in: some at a time, and what many of them missed alike is put
into words once. When a line comes back, or a node has gone, they come by the thousand."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from adapters.wire import encode
from adapters.ws.frames import text_frame
from adapters.ws.hello import verdict_fields
from application.use_cases.resume_rooms import Replay, Reset
from domain.ids import RoomId, UserId
from domain.message import Message

# How many are looked up, and how many greeted, at the same time. A store that is asked by all of
# them would turn most away, and they would come again.
AT_THE_DOOR = 64

# Seconds for which the words are kept.
KEPT = 2.0


class Reception:
    """`door` is for those who have yet to say who they are, `counter` for those who are in and
    say hello: they do not stand behind everybody at the door."""

    def __init__(self) -> None:
        self.door = asyncio.Semaphore(AT_THE_DOOR)
        self.counter = asyncio.Semaphore(AT_THE_DOOR)
        self._told: dict[RoomId, _Told] = {}

    async def verdict(self, verdict: Replay | Reset, reader: UserId) -> bytes:
        """The frame that tells a reader what they missed in one room. What was missed may be
        long: others have turns meanwhile."""
        if isinstance(verdict, Reset) or _has_keys_of(reader, verdict.messages):
            return await _frame(verdict, reader)
        told = self._told.get(verdict.room_id)
        if told is None or told.messages != verdict.messages:
            told = _Told(verdict.messages, await _frame(verdict, reader))
            self._keep(verdict.room_id, told)
        return told.frame

    def _keep(self, room_id: RoomId, told: "_Told") -> None:
        if room_id not in self._told:
            asyncio.get_running_loop().call_later(KEPT, self._told.pop, room_id, None)
        self._told[room_id] = told


class _Told(NamedTuple):
    """As somebody is told who wrote none of it. It is the very same list of messages in general,
    so that comparing costs next to nothing."""

    messages: Sequence[Message]
    frame: bytes


def _has_keys_of(reader: UserId, messages: Sequence[Message]) -> bool:
    return any(message.key and message.is_by(reader) for message in messages)


async def _frame(verdict: Replay | Reset, reader: UserId) -> bytes:
    return text_frame(encode(await verdict_fields(verdict, reader)))
