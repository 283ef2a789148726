"""F9: everybody loses their socket at once, misses something, and comes back at once."""

import asyncio
import re
import time
from collections import Counter
from dataclasses import dataclass

from tests.faults.clients import Client
from tests.faults.cluster import until
from tests.faults.crowd import Crowd
from tests.faults.history import Ack, Page
from tests.faults.lines import some
from tests.faults.strike import Outcome, suffering
from tests.servers.postgres import PostgresServer

# Two thousand clients in one Python take minutes to come when other programs run beside them.
SOME_SECONDS = 180.0
MISSED = 20
# How a statement begins that reads entries of a log.
LOOK = "SELECT messages.room_id, messages.seq, messages.kind"
FEW = 10
STATEMENT = re.compile(r"(?:execute [^:]*|statement): (.*)")


class WaitingClient(Client):
    """Comes back when it is let."""

    may_return: asyncio.Event

    async def pause(self) -> None:
        await self.may_return.wait()


@dataclass
class Storm:
    """Statements are counted by what PostgreSQL logs, if it is one that logs them all."""

    sockets: int
    within: float = 10.0
    name: str = "F9 reconnect storm"

    @property
    def dose(self) -> str:
        return f"{self.sockets} sockets at once"

    async def strike(self, crowd: Crowd) -> Outcome:
        outcome, room = Outcome(), crowd.rooms[1]
        author = crowd.author("moritz")
        let = WaitingClient.may_return = asyncio.Event()
        let.set()
        clients = [
            crowd.client(name, home=number % len(crowd.cluster.nodes), kind=WaitingClient)
            for number, name in enumerate(some(crowd, self.sockets))
        ]
        assert await until(crowd.are_connected, within=SOME_SECONDS)
        async with suffering(crowd, self.name, *crowd.cluster.node_names):
            let.clear()
            for client in clients:
                client.cut()
            await until(lambda: not any(each.is_connected for each in clients), within=SOME_SECONDS)
            head = [await author.post(room) for _ in range(MISSED)][-1]
            since, events = log_size(crowd), len(crowd.history)
            begun = time.monotonic()
            let.set()
            back = await until(
                lambda: crowd.are_connected() and crowd.is_caught_up({room: head}),
                within=SOME_SECONDS,
            )
            seconds = time.monotonic() - begun
        outcome.expect(back, "not all came back and caught up")
        outcome.expect(seconds <= self.within, f"it took {seconds:.1f} s")
        outcome.facts["all back and caught up"] = f"{seconds:.1f} s"
        if statements := counted(crowd, since):
            said = sum(isinstance(event, Ack | Page) for event in crowd.history.events[events:])
            self._tell(outcome, statements, said)
        for client in [*clients, author.client]:
            await crowd.leave(client)
        return outcome

    def _tell(self, outcome: Outcome, statements: Counter[str], said: int) -> None:
        """Who they are must be asked for each of them; what they missed must not, however many
        they are. What is said meanwhile is read on, and authors look at pages."""
        looks = sum(count for text, count in statements.items() if text.startswith(LOOK))
        outcome.facts["statements"] = f"{statements.total() / self.sockets:.1f} a socket"
        outcome.facts["looks at the log"] = f"{looks}, {said} posts and pages meanwhile"
        outcome.expect(
            looks <= FEW + 3 * said,
            f"{looks} looks at the log for {self.sockets} sockets that missed the same",
        )


def log_size(crowd: Crowd) -> int:
    server = crowd.cluster.database
    return len(server.log()) if isinstance(server, PostgresServer) else 0


def counted(crowd: Crowd, since: int) -> Counter[str]:
    server = crowd.cluster.database
    if not isinstance(server, PostgresServer):
        return Counter()
    return Counter(STATEMENT.findall(server.log()[since:]))
