"""F10 to F12: clients that repeat themselves, clocks that are wrong, a disk that is full."""

import asyncio
import resource
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from tests.faults.clients import Client
from tests.faults.crowd import Crowd
from tests.faults.history import Unknown
from tests.faults.strike import Outcome, suffering


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
            await asyncio.gather(*(node.kill() for node in crowd.cluster.nodes))
            await asyncio.gather(*(node.start() for node in crowd.cluster.nodes))
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


@dataclass
class FillDisk:
    """F12, on SQLite: no file of the node may grow any more; later it may."""

    seconds: float
    name: str = "F12 disk full"

    @property
    def dose(self) -> str:
        return f"for {self.seconds:g} s"

    async def strike(self, crowd: Crowd) -> Outcome:
        outcome, node = Outcome(), crowd.cluster.nodes[0]
        log = Path(f"{crowd.cluster.site.url.removeprefix('sqlite:///')}-wal")
        author = crowd.author("moritz")
        async with suffering(crowd, self.name, node.name):
            before = crowd.history.count(Unknown)
            _, hard = resource.prlimit(node.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(node.pid, resource.RLIMIT_FSIZE, (size(log), hard))
            posting = asyncio.create_task(author.post(crowd.rooms[0], rest="x" * 4000))
            await asyncio.sleep(self.seconds)
            refused = crowd.history.count(Unknown) - before
            resource.prlimit(node.pid, resource.RLIMIT_FSIZE, (hard, hard))
            async with asyncio.timeout(20):
                outcome.expect(await posting is not None, "it did not heal")
        outcome.expect(refused > 0, "nothing was refused: the disk was not full")
        outcome.facts["refused"] = str(refused)
        await crowd.leave(author.client)
        return outcome


def size(file: Path) -> int:
    return file.stat().st_size
