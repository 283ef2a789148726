"""What befalls nodes and what they share while people talk. Each strikes a crowd on a cluster as
often as its dose says, and tells what it saw beyond the history, and what was not as promised."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp

from tests.faults.clients import Client
from tests.faults.cluster import Server, on_a_lasting_thread, until
from tests.faults.crowd import Crowd
from tests.faults.history import Cut, Fault, Over, Unknown
from tests.faults.mortal import BEFORE_ACK, BEFORE_PUBLISH
from tests.faults.nodes import Node

RESTARTING = 1012
LOOK_PATIENCE = 20.0


@dataclass
class Outcome:
    """`facts` for the table; `failures`, a line each, of what should not have been."""

    facts: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.failures.append(otherwise)


class Strike(Protocol):
    name: str

    @property
    def dose(self) -> str: ...

    async def strike(self, crowd: Crowd) -> Outcome: ...


@dataclass
class KillNodes:
    """F1: a node is gone at once, each in its turn, and comes back."""

    times: int
    every: float
    back_within: float = 3.0
    name: str = "F1 kill -9 a node"

    @property
    def dose(self) -> str:
        return f"{self.times} kills, every {self.every:g} s"

    async def strike(self, crowd: Crowd) -> Outcome:
        outcome, slowest = Outcome(), 0.0
        for number in range(self.times):
            node = crowd.cluster.nodes[number % len(crowd.cluster.nodes)]
            begun = time.monotonic()
            async with suffering(crowd, self.name, node.name):
                homeless = [each for each in crowd.clients if each.node == node.name]
                await node.kill()
                slowest = max(slowest, await all_back(homeless))
                await node.start()
            await asyncio.sleep(max(0.0, begun + self.every - time.monotonic()))
        outcome.facts["slowest to be back"] = f"{slowest:.1f} s"
        outcome.expect(slowest <= self.back_within, f"clients were away for {slowest:.1f} s")
        return outcome


@dataclass
class DieInTheMiddle:
    """F2 and F3: a node that has committed a post dies before it tells anybody, or before it
    answers. In a room where nothing else is said, so that nothing else reveals the post."""

    times: int
    last_words: str = BEFORE_PUBLISH
    within: float = 2.5
    name: str = "F2 kill between commit and publish"

    @property
    def dose(self) -> str:
        return f"{self.times} kills"

    async def strike(self, crowd: Crowd) -> Outcome:
        outcome, slowest = Outcome(), 0.0
        node, room = crowd.cluster.nodes[0], crowd.rooms[1]
        for _ in range(self.times):
            author = crowd.author("moritz")
            assert await until(lambda author=author: author.client.is_connected, within=10)
            async with suffering(crowd, self.name, node.name):
                unknown = crowd.history.count(Unknown)
                posting = asyncio.create_task(author.post(room, rest=self.last_words))
                await node.ended()
                died = time.monotonic()
                seq = await posting
                assert seq is not None
                outcome.expect(
                    crowd.history.count(Unknown) > unknown, "the node answered before it died"
                )
                heard = await until(
                    lambda seq=seq: crowd.is_caught_up({room: seq}), within=LOOK_PATIENCE
                )
                slowest = max(slowest, time.monotonic() - died)
                outcome.expect(heard, f"{seq} was not delivered to all")
                await node.start()
            await crowd.leave(author.client)
        outcome.facts["slowest to all"] = f"{slowest:.1f} s"
        outcome.expect(slowest <= self.within, f"delivered to all after {slowest:.1f} s only")
        return outcome


def die_before_ack(times: int) -> DieInTheMiddle:
    return DieInTheMiddle(times, BEFORE_ACK, name="F3 kill between commit and ack")


@dataclass
class Roll:
    """F4: each node in its turn is told to stop, and started again."""

    times: int
    within: float = 5.0
    name: str = "F4 SIGTERM, rolling"

    @property
    def dose(self) -> str:
        return f"{self.times} rounds"

    async def strike(self, crowd: Crowd) -> Outcome:
        outcome, slowest, since = Outcome(), 0.0, len(crowd.history)
        for _ in range(self.times):
            for node in crowd.cluster.nodes:
                async with suffering(crowd, self.name, node.name):
                    begun = time.monotonic()
                    code = await node.stop()
                    slowest = max(slowest, time.monotonic() - begun)
                    outcome.expect(code == 0, f"{node.name} ended with {code}")
                    await node.start()
        recent = crowd.history.events[since:]
        codes = {event.code for event in recent if isinstance(event, Cut)}
        unknown = [event.why for event in recent if isinstance(event, Unknown)]
        outcome.facts["slowest to stop"] = f"{slowest:.1f} s"
        outcome.expect(slowest <= self.within, f"a node took {slowest:.1f} s to stop")
        outcome.expect(codes <= {RESTARTING}, f"sockets were closed with {sorted(map(str, codes))}")
        outcome.expect(not unknown, f"{len(unknown)} posts were left unknown: {set(unknown)}")
        return outcome


@dataclass
class Away:
    """F5 and F6: what the nodes share is killed and started again, or hangs."""

    name: str
    of: str
    restarts: int = 0
    hangs: int = 0
    seconds: float = 10.0
    pause: float = 2.0

    @property
    def dose(self) -> str:
        return f"{self.restarts} restarts, {self.hangs} × {self.seconds:g} s of silence"

    async def strike(self, crowd: Crowd) -> Outcome:
        outcome, since = Outcome(), len(crowd.history)
        server: Server | None = getattr(crowd.cluster, self.of)
        assert server is not None, f"the cluster has no {self.of} of its own"
        for _ in range(self.restarts):
            async with suffering(crowd, self.name, *crowd.cluster.node_names):
                server.kill()
                await on_a_lasting_thread(server.start)
            await asyncio.sleep(self.pause)
        for _ in range(self.hangs):
            async with suffering(crowd, self.name, *crowd.cluster.node_names):
                server.freeze()
                looking = asyncio.create_task(readiness(crowd.cluster.nodes))
                await asyncio.sleep(self.seconds)
                server.thaw()
                statuses = await looking
                self._expect_readiness(outcome, statuses)
            await asyncio.sleep(self.pause)
        recent = crowd.history.events[since:]
        cut = sum(isinstance(event, Cut) for event in recent)
        unknown = sum(isinstance(event, Unknown) for event in recent)
        outcome.facts["posts repeated"] = str(unknown)
        outcome.expect(not cut, f"{cut} sockets were lost")
        if self.of == "redis":
            outcome.expect(not unknown, f"{unknown} posts failed though the database was there")
        return outcome

    def _expect_readiness(self, outcome: Outcome, statuses: list[int]) -> None:
        """Without the database a node can serve nobody; without Redis it can."""
        expected = 503 if self.of == "database" else 200
        outcome.expect(
            all(status == expected for status in statuses), f"readiness was {statuses} meanwhile"
        )


@dataclass
class PostTwice:
    """F10: the same key at the same moment on two nodes, again a while later, and again after
    the nodes were started anew."""

    times: int
    later: float
    name: str = "F10 duplicate submit"

    @property
    def dose(self) -> str:
        return f"{self.times} keys, twice at once, after {self.later:g} s, after a restart"

    async def strike(self, crowd: Crowd) -> Outcome:
        outcome = Outcome()
        room = crowd.rooms[1]
        clients = [crowd.client("moritz", home=home) for home in range(2)]
        keys = [f"twice-{number}-{time.monotonic_ns()}" for number in range(self.times)]
        first: dict[str, set[tuple[int, str]]] = {}
        for key in keys:
            lines = [await client.line() for client in clients]
            answers = await asyncio.gather(
                *(line.ask("post", room=room, key=key, text=key) for line in lines)
            )
            first[key] = {(each["seq"], each["at"]) for each in answers}
            copies = sum(not each["duplicate"] for each in answers)
            outcome.expect(copies == 1, f"{key} was new {copies} times")
        await asyncio.sleep(self.later)
        again = [await self._ask(clients[0], room, key) for key in keys]
        async with suffering(crowd, self.name, *crowd.cluster.node_names):
            for node in crowd.cluster.nodes:
                await node.kill()
                await node.start()
            restarted = [await self._ask(clients[1], room, key) for key in keys]
        for key, later, last in zip(keys, again, restarted, strict=True):
            outcome.expect(
                first[key] == {later} == {last}, f"{key} got {first[key]}, {later}, {last}"
            )
        for client in clients:
            await crowd.leave(client)
        return outcome

    async def _ask(self, client: Client, room: str, key: str) -> tuple[int, str]:
        answer = await (await client.line()).ask("post", room=room, key=key, text=key)
        return answer["seq"], answer["at"]


@dataclass
class SetClocks:
    """F11: one node's clock is an hour ahead, and goes back by ten minutes while people talk."""

    seconds: float
    name: str = "F11 clock + 1 h, then − 10 min"

    @property
    def dose(self) -> str:
        return f"{self.seconds:g} s each"

    async def strike(self, crowd: Crowd) -> Outcome:
        node = crowd.cluster.nodes[0]
        await asyncio.sleep(self.seconds)
        node.signal(signal.SIGUSR1)
        await asyncio.sleep(self.seconds)
        return Outcome()


@asynccontextmanager
async def suffering(crowd: Crowd, name: str, *nodes: str) -> AsyncIterator[None]:
    crowd.history.record(Fault(name, frozenset(nodes)))
    yield
    crowd.history.record(Over(name))


async def all_back(clients: list[Client]) -> float:
    """How many seconds it took them to notice, and to be greeted elsewhere."""
    begun = time.monotonic()
    await until(lambda: not any(each.is_connected for each in clients), within=1.0, look=0.002)
    await until(lambda: all(each.is_connected for each in clients), within=LOOK_PATIENCE)
    return time.monotonic() - begun


async def readiness(nodes: list[Node]) -> list[int]:
    async with aiohttp.ClientSession() as session:
        return list(await asyncio.gather(*(node.readiness(session) for node in nodes)))
