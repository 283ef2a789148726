"""People on a cluster, who talk and listen all the while something fails."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

import aiohttp

from tests.faults.clients import Author, Client, Door
from tests.faults.cluster import Cluster, until
from tests.faults.history import Dot, Gone, History, Over
from tests.faults.site import OWNER, logs_of

# How often an author looks whether a page has what they posted, in posts.
LOOK_EVERY = 10
# How long they are waited for at the end: longer than they may take, to see by how much.
PATIENCE = 15.0


@dataclass(frozen=True)
class Load:
    """Everybody reads; the first `authors` also post, each one post after another with `pace`
    seconds between them, in the first room. A guest is added and removed all the time."""

    authors: int = 4
    pace: float = 0.04
    guest_stays: float = 0.4


class Crowd:
    def __init__(
        self, cluster: Cluster, history: History, session: aiohttp.ClientSession, random: Random
    ) -> None:
        self.cluster = cluster
        self.history = history
        self.random = random
        self.clients: list[Client] = []
        self.authors: list[Author] = []
        self._session = session
        self._running: dict[Client, asyncio.Task[None]] = {}
        self._talking: list[asyncio.Task[None]] = []
        self._silence = asyncio.Event()

    @property
    def rooms(self) -> Sequence[str]:
        return self.cluster.site.rooms

    def client(
        self, name: str, *, home: int = 0, doors: Sequence[Door] = (), kind: type[Client] = Client
    ) -> Client:
        """A client that comes, and comes back, until it leaves; by the first of these doors, or
        those of all nodes from its home on."""
        nodes = [node.door for node in self.cluster.nodes]
        doors = doors or nodes[home:] + nodes[:home]
        account = self.cluster.site.accounts[name]
        client = kind(self.history, self._session, account, doors, self.random)
        self.clients.append(client)
        self._running[client] = asyncio.create_task(client.run(), name=client.name)
        return client

    def author(self, name: str, *, home: int = 0) -> Author:
        return Author(self.client(name, home=home), self.history, self._session)

    async def leave(self, client: Client) -> None:
        """By the person's own choice: what is said from now on is not for this client."""
        await self._end(client)
        for room in client.holdings.last:
            self.history.record(Gone(client.name, room))

    async def _end(self, client: Client) -> None:
        self.clients.remove(client)
        task = self._running.pop(client)
        task.cancel()
        await asyncio.wait([task])

    def are_connected(self) -> bool:
        return all(each.is_connected for each in self.clients)

    async def come(self, names: Sequence[str], load: Load) -> None:
        """Everybody of these, spread over the nodes; returns when they are there."""
        for number, name in enumerate(names):
            if number < load.authors:
                self.authors.append(self.author(name, home=number % len(self.cluster.nodes)))
            else:
                self.client(name, home=number % len(self.cluster.nodes))
        assert await until(self.are_connected, within=PATIENCE)

    def talk(self, load: Load, guest: str | None = None) -> None:
        self._silence.clear()
        self._talking = [
            asyncio.create_task(self._post_on(author, load.pace)) for author in self.authors
        ]
        if guest:
            self._talking.append(asyncio.create_task(self._host(guest, load.guest_stays)))

    async def fall_silent(self) -> None:
        """Returns when everything that was posted is answered."""
        self._silence.set()
        async with asyncio.timeout(60):
            await asyncio.gather(*self._talking)

    async def settle(self) -> None:
        """Until everybody has everything, or has had the time for it."""
        self.history.record(Over("all of it"))
        logs = await logs_of(self.cluster.site)
        heads = {room: log[-1].seq for room, log in logs.items()}
        await until(lambda: self.is_caught_up(heads), within=PATIENCE)

    def is_caught_up(self, heads: dict[str, int]) -> bool:
        return all(
            client.holdings.last.get(room, head) >= head
            for client in self.clients
            for room, head in heads.items()
        )

    async def look_at_dots(self, names: Sequence[str]) -> None:
        """Who is shown online, on each node."""
        connected = {each.account.name for each in self.clients if each.is_connected}
        headers = {"Authorization": f"Bearer {self.cluster.site.accounts[OWNER].secret}"}
        for node in self.cluster.nodes:
            url = f"{node.door.address}/api/v1/rooms/{self.rooms[0]}/members"
            async with self._session.get(url, headers=headers) as response:
                members = (await response.json())["members"]
            for member in members:
                name = member["username"]
                if name in names:
                    dot = Dot(node.name, name, member["online"], name in connected)
                    self.history.record(dot)

    async def close(self) -> None:
        for client in list(self.clients):
            await self._end(client)

    async def _post_on(self, author: Author, pace: float) -> None:
        count = 0
        while not self._silence.is_set():
            await author.post(self.rooms[0])
            count += 1
            if count % LOOK_EVERY == 0:
                await author.look(self.rooms[0], self.random.choice(self.cluster.nodes).door)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(
                    self._silence.wait(), self.random.uniform(0.5 * pace, 1.5 * pace)
                )

    async def _host(self, guest: str, stays: float) -> None:
        """The owner adds and removes the guest, by whichever node; what fails is left."""
        headers = {"Authorization": f"Bearer {self.cluster.site.accounts[OWNER].secret}"}
        while not self._silence.is_set():
            for method in ("PUT", "DELETE"):
                node = self.random.choice(self.cluster.nodes)
                url = f"{node.door.address}/api/v1/rooms/{self.rooms[0]}/members/{guest}"
                with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
                    async with self._session.request(method, url, headers=headers, json={}):
                        pass
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._silence.wait(), stays)


@asynccontextmanager
async def a_crowd(
    cluster: Cluster, names: Sequence[str], load: Load, *, guest: str | None = None, seed: int = 1
) -> AsyncIterator[Crowd]:
    """There and talking. At the end they are gone, whether or not they had their last word."""
    connector = aiohttp.TCPConnector(limit=0)
    jar = aiohttp.DummyCookieJar()
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=jar, timeout=timeout
    ) as session:
        crowd = Crowd(cluster, History(), session, Random(seed))
        try:
            await crowd.come(names, load)
            if guest:
                crowd.client(guest)
            crowd.talk(load, guest)
            yield crowd
        finally:
            for task in crowd._talking:
                task.cancel()
            await crowd.close()
