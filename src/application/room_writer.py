"""The room writer: on this node, everything that adds to a room's log goes through here.

Posts that arrive while a commit is in flight form the next batch, so an idle server commits at
once and a busy one commits more at a time, posts of several rooms together. What changes more than
the log (joining, removing, clearing) is a `Change`: it runs alone in a unit, in its turn. One room
commits one thing after another and tells it before it starts the next, so telling follows
committing, in one order.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from application.batches import Batches
from application.ports.clock import Clock
from application.ports.message_log import AuthorKey, KeyTaken
from application.ports.notifier import Notifier
from application.ports.store import Store, Unit
from application.posting import Post, Posted
from application.tasks import Tasks
from domain.errors import Overloaded, RoomNotFound, ShuttingDown, StoreUnavailable
from domain.events import Event, RoomAppended
from domain.ids import RoomId
from domain.message import Entry, Message
from domain.room import Room

LONGEST_QUEUE = 10_000

T = TypeVar("T")


@dataclass(slots=True)
class Turn:
    """A change's turn at a room, which is locked until the turn is over."""

    unit: Unit
    room: Room
    _clock: Clock
    _key: AuthorKey | None = None
    _messages: list[Message] = field(default_factory=list)
    _events: list[Event] = field(default_factory=list)

    def receive(self, entry: Entry) -> Message:
        """Add the entry to the room's log; it is stored when the turn ends."""
        message = self.room.receive(self._under_key(entry), at=self._clock.now())
        self._messages.append(message)
        return message

    def tell(self, event: Event) -> None:
        """Publish the event after the commit, after the messages of this turn."""
        self._events.append(event)

    async def finish(self) -> None:
        if self._messages:
            await self.unit.log.append(self._messages)
        await self.unit.rooms.save(self.room)

    def _under_key(self, entry: Entry) -> Entry:
        """The first entry of whoever gave the key is what they did; the rest followed from it."""
        if self._key is None or entry.author is None or entry.author.id != self._key[0]:
            return entry
        (_, key), self._key = self._key, None
        return replace(entry, key=key)

    def events(self) -> list[Event]:
        if not self._messages:
            return self._events
        return [RoomAppended(self.room.id, tuple(self._messages)), *self._events]


Change = Callable[[Turn], Awaitable[T]]


@dataclass(slots=True)
class _WaitingPost:
    post: Post
    answer: "asyncio.Future[Posted]"


@dataclass(slots=True)
class _WaitingChange(Generic[T]):
    change: Change[T]
    key: AuthorKey | None
    answer: "asyncio.Future[T]"


_Waiting = _WaitingPost | _WaitingChange[object]


class RoomWriter:
    """Commits what is to be added to rooms. Cancelling a caller does not undo its post."""

    def __init__(self, store: Store, clock: Clock, notifier: Notifier) -> None:
        self._store = store
        self._clock = clock
        self._notifier = notifier
        self._batches = Batches(store, clock)
        self._queues: dict[RoomId, deque[_Waiting]] = {}
        self._tasks = Tasks()
        self._draining = False

    async def post(self, room_id: RoomId, post: Post) -> Posted:
        """Store a post. Returns once it is durable; raises what refuses it."""
        answer: asyncio.Future[Posted] = asyncio.get_running_loop().create_future()
        self._enqueue(room_id, _WaitingPost(post, answer))
        return await answer

    async def change(
        self, room_id: RoomId, change: Change[T], *, key: AuthorKey | None = None
    ) -> T:
        """Run the change in its turn and return its result once it is durable. What it raises
        undoes all that it did. Raises `RoomNotFound` for an unknown or archived room.

        With `key`, what the change adds to the log is stored under it; if something is already,
        nothing is changed, and this raises `KeyTaken`. A change that adds nothing takes no key."""
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._enqueue(room_id, _WaitingChange(change, key, answer))  # type: ignore[arg-type]  # T is object
        return await answer

    async def drain(self) -> None:
        """Take nothing more; return when all that was taken is committed and told."""
        self._draining = True
        await self._tasks.finish()

    def _enqueue(self, room_id: RoomId, waiting: _Waiting) -> None:
        if self._draining:
            raise ShuttingDown
        queue = self._queues.get(room_id)
        if queue is None:
            queue = self._queues[room_id] = deque()
            self._tasks.start(self._work(room_id, queue), name=f"room writer {room_id}")
        elif len(queue) >= LONGEST_QUEUE:
            raise Overloaded
        queue.append(waiting)

    async def _work(self, room_id: RoomId, queue: deque[_Waiting]) -> None:
        try:
            while queue:
                first = queue[0]
                if isinstance(first, _WaitingChange):
                    queue.popleft()
                    await self._commit_change(room_id, first)
                else:
                    await self._commit_posts(room_id, queue)
        finally:
            del self._queues[room_id]
            for waiting in queue:
                _fail(waiting, StoreUnavailable("the room writer was stopped"))

    async def _commit_change(self, room_id: RoomId, waiting: _WaitingChange[object]) -> None:
        try:
            async with self._store.unit() as unit:
                room = await unit.rooms.lock(room_id)
                if room.is_archived:
                    raise RoomNotFound
                if waiting.key and await unit.log.find_by_keys([waiting.key]):
                    raise KeyTaken
                turn = Turn(unit, room, self._clock, waiting.key)
                result = await waiting.change(turn)
                await turn.finish()
        except Exception as error:  # noqa: BLE001  # Whatever it is, it is the caller's to know.
            _fail(waiting, error)
            return
        _answer(waiting, result)
        for event in turn.events():
            self._notifier.publish(event)

    async def _commit_posts(self, room_id: RoomId, queue: deque[_Waiting]) -> None:
        taken: list[_WaitingPost] = []

        def take(most: int) -> list[Post]:
            taken.extend(_take_posts(queue, most))
            return [each.post for each in taken]

        try:
            stored = await self._batches.store(room_id, take)
        except Exception as error:  # noqa: BLE001  # As above: each caller learns it.
            for each in taken:
                _fail(each, error)
            return
        for each, outcome in zip(taken, stored.outcomes, strict=True):
            if isinstance(outcome, Posted):
                _answer(each, outcome)
            else:
                _fail(each, outcome)
        if stored.messages:
            self._notifier.publish(RoomAppended(room_id, tuple(stored.messages)))


def _take_posts(queue: deque[_Waiting], most: int) -> list[_WaitingPost]:
    batch: list[_WaitingPost] = []
    while queue and len(batch) < most and isinstance(queue[0], _WaitingPost):
        post = queue.popleft()
        assert isinstance(post, _WaitingPost)
        batch.append(post)
    return batch


# Who is answered goes on after what is being done now, in the order in which they are answered. So
# an answer that is set before the message is told comes after it, and in the same tick: both are
# written to the author at once.


def _answer(waiting: _Waiting, result: object) -> None:
    # The caller may have gone meanwhile: its socket closed. What it asked for is done anyway.
    if not waiting.answer.done():
        waiting.answer.set_result(result)  # type: ignore[arg-type]  # matches by construction


def _fail(waiting: _Waiting, error: BaseException) -> None:
    if not waiting.answer.done():
        waiting.answer.set_exception(error)
