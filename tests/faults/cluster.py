"""What is put under stress: nodes, what they share, and the people on them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

from tests.databases import a_database
from tests.faults.nodes import AS_IT_IS, Node
from tests.faults.site import Site, settle
from tests.servers import valkey
from tests.servers.mongo import MongoServer
from tests.servers.postgres import PostgresServer
from tests.servers.valkey import ValkeyServer

MEMBERS = tuple(f"person{number}" for number in range(8))
# Those who are there from the beginning, and one who comes for the last words.
ALL_MEMBERS = (*MEMBERS, "moritz")
GUESTS = ("gina",)


class Server(Protocol):
    """A database, or what is between the nodes."""

    def start(self) -> None: ...
    def kill(self) -> None: ...
    def freeze(self) -> None: ...
    def thaw(self) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Layout:
    """`database` is one of tests.databases. What is `own_…` can be disturbed; what is not is
    shared with other tests. `…settings` are those of the nodes, as in the environment."""

    database: str
    nodes: int = 2
    redis: bool = True
    own_database: bool = False
    own_redis: bool = False
    program: str = AS_IT_IS
    members: tuple[str, ...] = ALL_MEMBERS
    rooms: int = 2
    settings: dict[str, str] = field(default_factory=dict)
    database_settings: dict[str, str] = field(default_factory=dict)
    skewed: dict[str, str] = field(default_factory=dict)


@dataclass
class Cluster:
    site: Site
    nodes: list[Node]
    database: Server | None = None
    redis: Server | None = None

    @property
    def node_names(self) -> frozenset[str]:
        return frozenset(node.name for node in self.nodes)

    def tracebacks(self) -> list[str]:
        """What the nodes did not expect."""
        return [
            f"{node.name} logged: {part.strip().splitlines()[-1]}"
            for node in self.nodes
            for part in node.log().split("Traceback (most recent call last)")[1:]
        ]


@asynccontextmanager
async def a_cluster(layout: Layout, directory: Path) -> AsyncIterator[Cluster]:
    async with AsyncExitStack() as stack:
        database, url = await _database(layout, directory, stack)
        site = await settle(url, layout.members, guests=GUESTS, rooms=layout.rooms)
        environ = {
            "DATABASE_URL": url,
            "BESEDKA_WELCOME_ROOM": "",
            "BESEDKA_PRESENCE_GRACE_SECONDS": "1",
            **layout.settings,
        }
        redis = None
        if layout.redis:
            redis = ValkeyServer() if layout.own_redis else None
            if redis:
                stack.callback(redis.close)
                await on_a_lasting_thread(redis.start)
            environ["REDIS_URL"] = redis.url() if redis else valkey.shared_server_url()
            environ["BESEDKA_REDIS__PREFIX"] = valkey.fresh_prefix()
        nodes = [
            Node(f"node {letter}", directory, environ, program=layout.program)
            for letter in "abcdefgh"[: layout.nodes]
        ]
        for node in nodes:
            stack.push_async_callback(node.close)
        await nodes[0].start(**layout.skewed)
        await asyncio.gather(*(node.start() for node in nodes[1:]))
        yield Cluster(site, nodes, database, redis)


async def on_a_lasting_thread(work: Callable[[], None]) -> None:
    """For what blocks. A server ends with the thread that started it, so this one lasts."""
    await asyncio.get_running_loop().run_in_executor(_lasting_thread(), work)


async def _database(
    layout: Layout, directory: Path, stack: AsyncExitStack
) -> tuple[Server | None, str]:
    if not layout.own_database:
        return None, await stack.enter_async_context(a_database(layout.database, directory))
    server: PostgresServer | MongoServer = (
        MongoServer() if layout.database == "mongo" else PostgresServer(**layout.database_settings)
    )
    stack.callback(server.close)
    await on_a_lasting_thread(server.start)
    return server, server.url()


@cache
def _lasting_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="servers")


async def until(condition: Callable[[], object], *, within: float, look: float = 0.02) -> bool:
    """Whether it came to be so in time."""
    end = asyncio.get_running_loop().time() + within
    while not condition():
        if asyncio.get_running_loop().time() > end:
            return False
        await asyncio.sleep(look)
    return True
