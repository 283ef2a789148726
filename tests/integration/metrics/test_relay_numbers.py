"""What goes on between nodes, on a real Valkey that is disturbed."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from tests.integration.metrics.numbers import Numbers, scraped
from tests.integration.ws.server import Server, serving_on
from tests.servers.valkey import ValkeyServer

PREFIX = "besedka:"


@pytest.fixture
async def valkey() -> AsyncIterator[ValkeyServer]:
    server = ValkeyServer()
    server.start()
    yield server
    server.close()


@pytest.fixture
async def server(valkey: ValkeyServer) -> AsyncIterator[Server]:
    async with serving_on(
        "memory://", redis_url=valkey.url(), metrics={"access": "loopback"}
    ) as server:
        yield server


async def until(server: Server, name: str, least: float = 1) -> Numbers:
    while True:
        numbers = await scraped(server.address)
        if numbers[name] >= least:
            return numbers


async def test_what_no_node_of_ours_sent_is_ignored_and_counted(
    server: Server, valkey: ValkeyServer
) -> None:
    client = Redis.from_url(valkey.url())
    channels = await client.pubsub_channels(f"{PREFIX}*")

    await client.publish(channels[0], b"no event at all")
    numbers = await until(server, 'besedka_relays_total{fate="malformed"}')
    await client.aclose()

    assert numbers['besedka_relays_total{fate="received"}'] == 0


async def test_events_on_their_way_to_other_nodes_are_counted(server: Server) -> None:
    alice = await server.person("alice")
    await server.kit.room(alice.user, "garden")
    room = (await server.kit.chat.list_my_rooms(alice.user))[0].room.id

    await alice.says(room, "hello, nodes")

    await until(server, 'besedka_relays_total{fate="sent"}')


async def test_a_redis_that_is_lost_is_counted_and_so_is_what_is_not_relayed(
    server: Server, valkey: ValkeyServer
) -> None:
    alice = await server.person("alice")
    room = await server.kit.room(alice.user, "garden")

    valkey.kill()
    numbers = await until(server, "besedka_redis_outages_total")
    await alice.says(room, "nobody else hears this now")
    await until(server, 'besedka_relays_total{fate="dropped"}')

    assert numbers["besedka_redis_errors_total"] >= 1
