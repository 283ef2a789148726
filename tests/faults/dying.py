"""F1 to F4: nodes end, in whatever way, and come back."""

import asyncio
import time
from dataclasses import dataclass

from tests.faults.clients import Client
from tests.faults.cluster import until
from tests.faults.crowd import Crowd
from tests.faults.history import Cut, Unknown
from tests.faults.mortal import BEFORE_ACK, BEFORE_PUBLISH
from tests.faults.strike import Outcome, suffering

RESTARTING = 1012
LOOK_PATIENCE = 20.0


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


async def all_back(clients: list[Client]) -> float:
    """How many seconds it took them to notice, and to be greeted elsewhere."""
    begun = time.monotonic()
    await until(lambda: not any(each.is_connected for each in clients), within=1.0, look=0.002)
    await until(lambda: all(each.is_connected for each in clients), within=LOOK_PATIENCE)
    return time.monotonic() - begun
