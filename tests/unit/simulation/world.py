"""A small world in one process: two nodes on one store that fails, a notifier that drops, repeats
and delays, clients that repeat what was not acknowledged. One seed is one history, always the same.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from adapters.notifier.in_process import InProcessNotifier
from application.posting import Post, Posted
from application.room_writer import RoomWriter
from application.use_cases.heal_room import HealRoom
from domain.errors import StoreUnavailable
from domain.events import Event, RoomAppended
from domain.message import Message
from domain.user import User
from tests.unit.application.scene import Scene
from tests.unit.faulty_store import FaultyStore, no_fault

CLIENTS, POSTS, READERS = 4, 6, 3
TICK, PATIENCE = 0.05, 0.3
MOST_ATTEMPTS = 100


@dataclass
class Safeguards:
    """All of them hold in the real world; a proof that the checks can fail takes one away."""

    writer: type[RoomWriter] = RoomWriter
    readers_fill_gaps: bool = True
    clients_keep_their_key: bool = True


@dataclass
class History:
    """What was seen from outside. Steps order invocations and acknowledgements among them."""

    step: int = 0
    invoked: dict[str, int] = field(default_factory=dict)
    acknowledged: dict[str, tuple[int, int]] = field(default_factory=dict)
    unknown: int = 0
    log: list[Message] = field(default_factory=list)
    readers: list["Listener"] = field(default_factory=list)

    def invoke(self, text: str) -> None:
        self.step += 1
        self.invoked.setdefault(text, self.step)

    def acknowledge(self, text: str, seq: int) -> None:
        self.step += 1
        self.acknowledged[text] = (self.step, seq)


@dataclass
class Listener:
    """A gateway's reader: it applies by seq, and reads from the log what it did not hear."""

    heal: HealRoom
    scene: Scene
    fills_gaps: bool
    applied: list[Message] = field(default_factory=list)
    seq: int = 2
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def hear(self, messages: Sequence[Message]) -> None:
        async with self._turn:
            news = [message for message in messages if message.seq > self.seq]
            if news and news[0].seq > self.seq + 1 and self.fills_gaps:
                news = await self.heal.missed(self.scene.garden, after=self.seq)
            self._apply(news)

    async def beacon(self) -> None:
        async with self._turn:
            self._apply(await self.heal.missed(self.scene.garden, after=self.seq))

    def _apply(self, news: Sequence[Message]) -> None:
        self.applied += news
        self.seq = news[-1].seq if news else self.seq


class World:
    def __init__(self, scene: Scene, seed: int, safeguards: Safeguards) -> None:
        self._scene = scene
        self._clock = scene.kit.clock
        self._random = Random(seed)
        self._safeguards = safeguards
        self._relays: list[asyncio.Task[None]] = []
        self.history = History()
        store = scene.kit.container.store()
        self._stores = [FaultyStore(store), FaultyStore(store)]
        self._nodes = [self._node(each) for each in self._stores]
        for _ in range(READERS):
            listener = Listener(HealRoom(store), scene, safeguards.readers_fill_gaps)
            self.history.readers.append(listener)

    async def run(self) -> History:
        people = (self._scene.alice, self._scene.bob)
        clients = asyncio.gather(
            *(self._client(number, people[number % 2]) for number in range(CLIENTS))
        )
        while not clients.done():
            await self._clock.advance(TICK)
        await clients
        for store in self._stores:
            store.before_commit = store.after_commit = no_fault
        await self._calm()
        for reader in self.history.readers:
            await reader.beacon()
        self.history.log = await self._scene.log()
        return self.history

    async def _calm(self) -> None:
        drained = asyncio.gather(*(node.drain() for node in self._nodes))
        while not (drained.done() and all(relay.done() for relay in self._relays)):
            await self._clock.advance(TICK)
        await asyncio.gather(drained, *self._relays)

    def _node(self, store: FaultyStore) -> RoomWriter:
        store.before_commit = store.after_commit = self._fault
        notifier = InProcessNotifier()
        notifier.subscribe(self._relay)
        return self._safeguards.writer(store, self._clock, notifier)

    async def _fault(self) -> None:
        chance = self._random.random()
        if chance < 0.15:
            raise StoreUnavailable("a fault of the simulation's")
        if chance < 0.4:
            await self._clock.sleep(self._random.random() * 2 * PATIENCE)

    def _relay(self, event: Event) -> None:
        assert isinstance(event, RoomAppended)
        for reader in self.history.readers:
            for _ in range(self._random.choice((0, 1, 1, 1, 2))):
                late = self._random.choice((0.0, 0.0, 3 * TICK * self._random.random()))
                relay = self._deliver(reader, event.messages, late)
                self._relays.append(asyncio.ensure_future(relay))

    async def _deliver(self, to: Listener, messages: Sequence[Message], late: float) -> None:
        if late:
            await self._clock.sleep(late)
        await to.hear(messages)

    async def _client(self, number: int, author: User) -> None:
        for count in range(POSTS):
            text = f"client {number} post {count}"
            self.history.invoke(text)
            posted, attempts = None, 0
            while posted is None:
                assert attempts < MOST_ATTEMPTS, f"{text} is refused for ever"
                key = text if self._safeguards.clients_keep_their_key else f"{text} {attempts}"
                posted = await self._attempt(Post(author, key, text))
                attempts += 1
            self.history.acknowledge(text, posted.message.seq)
            await self._clock.sleep(self._random.random() * TICK)

    async def _attempt(self, post: Post) -> Posted | None:
        """None if it is not known whether the post is stored: an error, or no answer in time."""
        node = self._random.choice(self._nodes)
        answer = asyncio.ensure_future(node.post(self._scene.garden, post))
        patience = asyncio.ensure_future(self._clock.sleep(PATIENCE))
        await asyncio.wait({answer, patience}, return_when=asyncio.FIRST_COMPLETED)
        patience.cancel()
        if answer.done() and not isinstance(answer.exception(), StoreUnavailable):
            return answer.result()
        answer.cancel()
        self.history.unknown += 1
        return None
