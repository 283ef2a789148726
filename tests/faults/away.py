"""F5 and F6: what the nodes share is gone for a while."""

import asyncio
from dataclasses import dataclass

import aiohttp

from tests.faults.cluster import Server, on_a_lasting_thread
from tests.faults.crowd import Crowd
from tests.faults.history import Cut, Unknown
from tests.faults.nodes import Node
from tests.faults.strike import Outcome, suffering


@dataclass
class Away:
    """F5 and F6: what the nodes share is killed and started again, or hangs."""

    name: str
    of: str
    restarts: int = 0
    hangs: int = 0
    seconds: float = 10.0
    pause: float = 1.0

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


async def readiness(nodes: list[Node]) -> list[int]:
    async with aiohttp.ClientSession() as session:
        return list(await asyncio.gather(*(node.readiness(session) for node in nodes)))
