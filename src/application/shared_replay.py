"""A crowd that comes back at once has missed the same: it is read from the log once for all.

What was read of the end of a room's log is kept for a moment. It stays true, because the log only
grows: what changes an entry is an entry itself, and is noticed when the log is read on.
"""

import asyncio
from dataclasses import dataclass, field

from application.ports.clock import Clock
from application.ports.store import Store
from application.tasks import Tasks
from domain.ids import RoomId
from domain.message import CHANGES, Kind, Message

KEPT = 2.0  # Seconds.
REWRITING = CHANGES | {Kind.CLEARED}


@dataclass(slots=True)
class _Waiting:
    after: int
    upto: int
    answer: "asyncio.Future[list[Message]]"


@dataclass(slots=True)
class _Ending:
    """The entries of a log after `after`, without a hole, and who waits for more of them."""

    after: int = 0
    messages: list[Message] = field(default_factory=list)
    waiting: list[_Waiting] = field(default_factory=list)
    is_being_read: bool = False

    @property
    def upto(self) -> int:
        return self.after + len(self.messages)

    def covers(self, after: int, upto: int) -> bool:
        return self.after <= after and upto <= self.upto

    def stretch(self, after: int, upto: int) -> list[Message]:
        return self.messages[max(0, after - self.after) : max(0, upto - self.after)]


class SharedReplay:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._endings: dict[RoomId, _Ending] = {}
        self._tasks = Tasks()

    async def read(self, room_id: RoomId, *, after: int, upto: int) -> list[Message]:
        """The entries with a seq above `after`, up to `upto`, which the caller has seen to be the
        head of the room. Fewer if some were cleared meanwhile. Those who ask while it is being
        read are answered by one look at the log, or fail together."""
        ending = self._endings.get(room_id)
        if ending is None:
            ending = self._endings[room_id] = _Ending(after)
            self._tasks.start(self._forget(room_id), name=f"forget the ending of {room_id}")
        if ending.covers(after, upto):
            return ending.stretch(after, upto)
        answer: asyncio.Future[list[Message]] = asyncio.get_running_loop().create_future()
        ending.waiting.append(_Waiting(after, upto, answer))
        if not ending.is_being_read:
            ending.is_being_read = True
            self._tasks.start(self._serve(room_id, ending), name=f"replay {room_id}")
        return await answer

    async def close(self) -> None:
        await self._tasks.cancel()

    async def _serve(self, room_id: RoomId, ending: _Ending) -> None:
        try:
            while waiting := ending.waiting:
                ending.waiting = []
                await self._answer(room_id, ending, waiting)
        finally:
            ending.is_being_read = False

    async def _answer(self, room_id: RoomId, ending: _Ending, waiting: list[_Waiting]) -> None:
        after = min(each.after for each in waiting)
        upto = max(each.upto for each in waiting)
        error: Exception | None = None
        try:
            await self._extend(room_id, ending, after, upto)
        except Exception as failure:  # noqa: BLE001  # It is theirs who wait to know.
            error = failure
        for each in waiting:
            if each.answer.done():
                continue  # They have gone.
            if error:
                each.answer.set_exception(error)
            else:
                each.answer.set_result(ending.stretch(each.after, each.upto))

    async def _extend(self, room_id: RoomId, ending: _Ending, after: int, upto: int) -> None:
        """Read on at the end; or all of it, where something is missing at the beginning, or what
        is there was changed since."""
        async with self._store.view() as view:
            if ending.after <= after:
                more = await view.log.replay(room_id, ending.upto, limit=upto - ending.upto)
                if not any(message.kind in REWRITING for message in more):
                    ending.messages += more
                    return
            upto = max(upto, ending.upto)
            after = min(after, ending.after)
            messages = await view.log.replay(room_id, after, limit=upto - after)
        ending.messages = messages
        # What was cleared is missing at the beginning, and nowhere else.
        ending.after = messages[0].seq - 1 if messages else upto

    async def _forget(self, room_id: RoomId) -> None:
        await self._clock.sleep(KEPT)
        del self._endings[room_id]
