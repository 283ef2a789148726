"""Batches: posts that wait are committed together, whatever rooms they are for.

A commit costs about the same for one post as for hundreds, and some stores do one at a time. Posts
of a room that is being committed wait for the next batch, so one room has one order.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from application.ports.clock import Clock
from application.ports.message_log import KeyTaken
from application.ports.store import Store
from application.posting import Post, Stored, store_posts
from application.tasks import Tasks
from domain.errors import DomainError, RoomHeld, StoreUnavailable
from domain.ids import RoomId

LARGEST_BATCH = 500
KEY_RACES = 5

# Batches that are committed at the same time, of different rooms: while the store works on one,
# the posts of the next are looked at.
LANES = 2

# Ticks of the event loop before a batch begins. Whoever was answered by the one before posts again:
# they are told, and what they send is read, decoded and asked for, a tick each. Otherwise those of
# two batches would stay apart for ever, and cost two commits and two rounds of writes.
TO_COME_ALONG = 5

# Gives the posts that wait in a room, at most so many; called when their batch begins.
Take = Callable[[int], list[Post]]


@dataclass(frozen=True, slots=True)
class _Waiting:
    take: Take
    answer: "asyncio.Future[Stored]"


# The posts of each room, and who waits for them.
_Batch = dict[RoomId, tuple[list[Post], "asyncio.Future[Stored]"]]


class Batches:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._waiting: dict[RoomId, _Waiting] = {}
        self._lanes = 0
        self._tasks = Tasks()

    async def store(self, room_id: RoomId, take: Take) -> Stored:
        """Store what the room's `take` gives, with what others wait for. Raises what made it
        impossible; then nothing of the room is stored, unless nobody knows. Called again for the
        same room only when it has answered."""
        answer: asyncio.Future[Stored] = asyncio.get_running_loop().create_future()
        self._waiting[room_id] = _Waiting(take, answer)
        if self._lanes < LANES:
            self._lanes += 1
            self._tasks.start(self._commit_all(), name="batches")
        return await answer

    async def _commit_all(self) -> None:
        """Until nobody waits."""
        try:
            for _ in range(TO_COME_ALONG):
                await asyncio.sleep(0)
            while batch := self._next_batch():
                await self._commit(batch)
        finally:
            self._lanes -= 1

    def _next_batch(self) -> _Batch:
        """Whoever has waited longest comes first."""
        batch: _Batch = {}
        left = LARGEST_BATCH
        while self._waiting and left > 0:
            room_id = next(iter(self._waiting))
            waiting = self._waiting.pop(room_id)
            posts = waiting.take(left)
            left -= len(posts)
            batch[room_id] = posts, waiting.answer
        return batch

    async def _commit(self, batch: _Batch) -> None:
        posts = {room_id: of_room for room_id, (of_room, _) in batch.items()}
        try:
            stored = await self._store_posts(posts)
        except Exception as error:  # noqa: BLE001  # Whatever it is, it is the callers' to know.
            if len(batch) == 1 or not _is_of_one_room(error):
                for _, answer in batch.values():
                    if not answer.done():
                        answer.set_exception(error)
                return
            for room_id, alone in batch.items():  # One room's trouble is not the others'.
                await self._commit({room_id: alone})
        else:
            for room_id, (_, answer) in batch.items():
                if not answer.done():  # Else whoever waited was cancelled.
                    answer.set_result(stored[room_id])

    async def _store_posts(self, posts: Mapping[RoomId, list[Post]]) -> dict[RoomId, Stored]:
        for attempt in range(1 + KEY_RACES):
            try:
                async with self._store.unit() as unit:
                    now = self._clock.now()
                    return await store_posts(unit, posts, now, some_repeated=attempt > 0)
            except KeyTaken:
                continue
        raise StoreUnavailable("the same key was posted on several nodes, again and again")


def _is_of_one_room(error: Exception) -> bool:
    """Whether it may be the trouble of one room in a batch, and not that of the store."""
    return isinstance(error, RoomHeld) or not isinstance(error, DomainError)
