"""The database hangs, or is killed and comes back, while people talk: nothing that was acknowledged
is lost, nothing is stored twice, sockets stay, and it all goes on without a restart."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import count

import aiohttp
import pytest

from domain.ids import RoomId
from tests.integration.ws.server import Server, serving_on
from tests.servers.mongo import MongoServer
from tests.servers.postgres import PostgresServer
from tests.wire_client import Refused, WireClient

TIMEOUT = 1.0
PATIENCE = 20.0

DatabaseServer = PostgresServer | MongoServer

_numbers = count()


@pytest.fixture(scope="module", params=["postgres", "mongo"])
def database(request: pytest.FixtureRequest) -> Iterator[DatabaseServer]:
    """A server of this module's own, which remembers everything."""
    server = PostgresServer(durable=True) if request.param == "postgres" else MongoServer()
    server.start()
    yield server
    server.close()


@pytest.fixture
async def server(database: DatabaseServer) -> AsyncIterator[Server]:
    name = "postgres" if isinstance(database, PostgresServer) else "besedka"
    async with serving_on(
        database.url(name), store={"busy_timeout_seconds": TIMEOUT, "pool_size": 5}
    ) as server:
        yield server


@pytest.fixture
async def talk(server: Server) -> tuple[WireClient, WireClient, RoomId]:
    """Two people in a room of this test's own."""
    name = f"{next(_numbers)}"
    alice, bob = await server.person(f"a{name}"), await server.person(f"b{name}")
    room = await server.kit.room(alice.user, f"r{name}", bob.user)
    return await alice.client(), await bob.client(), room


async def ready(server: Server) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{server.address}/readyz") as answer,
    ):
        return answer.status


async def post_until_stored(client: WireClient, room: RoomId, key: str) -> dict[str, object]:
    """As clients do: whatever is temporary is tried again, with the same key."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await client.ask("post", room=room, key=key, text=key)
            except Refused as refused:
                if not refused.error["temporary"]:
                    raise
                await asyncio.sleep(0.05)  # As clients do; nothing tells them more.


async def stored_keys(client: WireClient, room: RoomId) -> list[str]:
    page = await client.ask("page", room=room, after=0, limit=200)
    return [message["text"] for message in page["messages"] if message["kind"] == "posted"]


async def test_a_database_that_hangs_is_waited_for_only_so_long(
    server: Server, database: DatabaseServer, talk: tuple[WireClient, WireClient, RoomId]
) -> None:
    alices, bobs, room = talk
    await alices.ask("post", room=room, key="before", text="before")
    loop = asyncio.get_running_loop()

    database.freeze()
    try:
        started = loop.time()
        with pytest.raises(Refused) as refused:
            await alices.ask("post", room=room, key="during", text="during")
        waited = loop.time() - started
        readiness = await ready(server)
        await bobs.ask("ping")
    finally:
        database.thaw()

    assert refused.value.code == "store_unavailable"
    assert refused.value.error["temporary"] is True
    assert waited < 8 * TIMEOUT
    assert readiness == 503
    await post_until_stored(alices, room, "during")
    await bobs.await_message("during")
    assert await ready(server) == 200
    assert (await stored_keys(bobs, room)).count("during") == 1


async def test_what_was_acknowledged_before_the_database_was_killed_is_there(
    server: Server, database: DatabaseServer, talk: tuple[WireClient, WireClient, RoomId]
) -> None:
    alices, bobs, room = talk
    acknowledged: list[str] = []

    async def post_all(client: WireClient, name: str) -> None:
        for number in range(30):
            answer = await post_until_stored(client, room, f"{name} {number}")
            acknowledged.append(str(answer["key"]))

    posting = [
        asyncio.create_task(post_all(alices, "alice")),
        asyncio.create_task(post_all(bobs, "bob")),
    ]
    while len(acknowledged) < 10:
        await asyncio.wait(posting, timeout=0.01)
    database.kill()
    assert await ready(server) == 503
    database.start()  # In this thread, whose end would be the server's, too.
    await asyncio.gather(*posting)

    keys = await stored_keys(bobs, room)
    assert sorted(keys) == sorted(acknowledged)
    assert len(set(keys)) == 60
    assert await ready(server) == 200
