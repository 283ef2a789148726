"""F7 and F8: what is wrong is a client's line, and nobody else may notice."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import quantiles

from tests.faults.clients import Author, Client
from tests.faults.cluster import MEMBERS, until
from tests.faults.crowd import Crowd
from tests.faults.history import Cut
from tests.faults.line import Frame
from tests.faults.relay import Relay, relays
from tests.faults.strike import Outcome, suffering

BAD_LINE = "a bad line"
TOO_SLOW = 'besedka_closes_total{code="4008"}'
SOME_SECONDS = 30.0


@dataclass
class SlowReaders:
    """F7: some readers stop reading, while much is said, until the node has sent all of them away;
    `sample` posts between two looks, and `pace` seconds between two posts at least.
    What others wait for a message then is compared with what they waited before."""

    slow: int
    others: int
    text: int = 7900
    pace: float = 0.02
    sample: int = 150
    name: str = "F7 slow readers"

    @property
    def dose(self) -> str:
        return f"{self.slow} of {self.slow + self.others} readers"

    async def strike(self, crowd: Crowd) -> Outcome:
        outcome, node = Outcome(), crowd.cluster.nodes[0]
        room, door = crowd.rooms[1], [node.door]
        author = crowd.author("moritz")
        others = [crowd.client(name, doors=door) for name in some(crowd, self.others)]
        assert await until(crowd.are_connected, within=SOME_SECONDS)
        talk = Talk(author, room, others, "x" * self.text, self.pace)
        before = await talk.go_on(self.sample)
        async with bad_lines(crowd, self.slow) as lines, suffering(crowd, self.name, BAD_LINE):
            since = len(crowd.history)
            for relay, _ in lines:
                relay.stall()
            closed, meanwhile = 0.0, 0.0
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(8 * SOME_SECONDS):
                    while closed < self.slow:
                        meanwhile = max(meanwhile, await talk.go_on(self.sample))
                        closed = await node.metric(TOO_SLOW)
            for relay, _ in lines:
                relay.recover()
            back = await until(
                lambda: crowd.are_connected() and crowd.is_caught_up({room: talk.head}),
                within=SOME_SECONDS,
            )
        outcome.expect(back, "not all slow readers came back and caught up")
        cut = sum(isinstance(event, Cut) for event in crowd.history.events[since:])
        outcome.expect(cut == self.slow, f"{cut} readers were cut off, {self.slow} were slow")
        outcome.facts["closed with 4008"] = f"{closed:.0f}"
        outcome.facts["others' p99"] = f"{before:.0f} ms before, {meanwhile:.0f} ms meanwhile"
        for client in (*others, author.client):
            await crowd.leave(client)
        return outcome


@dataclass
class HalfOpen:
    """F8: lines that are dead though nobody has closed them, noticed by the node's heartbeat, which
    is `heartbeat` seconds by its settings."""

    lines: int
    heartbeat: float
    name: str = "F8 half-open TCP"

    @property
    def dose(self) -> str:
        return f"{self.lines} lines, heartbeat {self.heartbeat:g} s"

    async def strike(self, crowd: Crowd) -> Outcome:
        outcome = Outcome()
        async with bad_lines(crowd, self.lines) as lines, suffering(crowd, self.name, BAD_LINE):
            begun = time.monotonic()
            for relay, _ in lines:
                relay.die()
            noticed = await until(
                lambda: all(relay.dropped_at for relay, _ in lines), within=3 * self.heartbeat
            )
            for relay, _ in lines:
                relay.recover()
            back = await until(crowd.are_connected, within=SOME_SECONDS)
        slowest = max((relay.dropped_at or time.monotonic()) - begun for relay, _ in lines)
        outcome.facts["slowest to be noticed"] = f"{slowest / self.heartbeat:.2f} heartbeats"
        outcome.expect(noticed, "some lines were not given up")
        outcome.expect(
            slowest <= 1.5 * self.heartbeat + SLACK, f"a line was given up after {slowest:.1f} s"
        )
        outcome.expect(back, "not all came back")
        return outcome


SLACK = 0.5  # Seconds, for a machine that is busy with other things.


class Talk:
    """One person who posts, and how long the others wait for it."""

    def __init__(
        self, author: Author, room: str, others: Sequence[Client], rest: str, pace: float
    ) -> None:
        self.head = 0
        self._author = author
        self._room = room
        self._others = others
        self._rest = rest
        self._pace = pace
        self._waits: list[float] = []
        self._begun = 0.0
        for client in others:
            client.on_message = self._heard

    async def go_on(self, posts: int) -> float:
        """The 99th percentile of what each of the others waited for each post, in ms."""
        self._waits.clear()
        for _ in range(posts):
            self._begun = time.perf_counter()
            posted = await self._author.post(self._room, rest=self._rest)
            assert posted is not None
            self.head = posted
            await until(self._all_heard, within=SOME_SECONDS, look=self._pace)
        return quantiles(self._waits, n=100)[98] * 1000

    def _heard(self, message: Frame) -> None:
        if message["room"] == self._room:
            self._waits.append(time.perf_counter() - self._begun)

    def _all_heard(self) -> bool:
        return all(each.holdings.last[self._room] >= self.head for each in self._others)


def some(crowd: Crowd, count: int) -> list[str]:
    """Names of members, who have several devices where they are too few."""
    return [MEMBERS[number % len(MEMBERS)] for number in range(count)]


@asynccontextmanager
async def bad_lines(crowd: Crowd, count: int) -> AsyncIterator[list[tuple[Relay, Client]]]:
    """Clients that are well connected, by lines that can go bad."""
    async with relays(crowd.cluster.nodes[0], BAD_LINE, count) as lines:
        clients = [
            crowd.client(name, doors=[relay.door])
            for name, relay in zip(some(crowd, count), lines, strict=True)
        ]
        assert await until(crowd.are_connected, within=SOME_SECONDS)
        yield list(zip(lines, clients, strict=True))
        for client in clients:
            await crowd.leave(client)
