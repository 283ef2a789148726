from collections.abc import AsyncIterator

import pytest

from domain.ids import RoomId
from tests.integration.ws.server import Person, Server, serving_on


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    limits = {"outbox_bytes": 65_536, "replay": 3, "posts_per_second": 0, "requests_per_second": 0}
    async with serving_on("memory://", metrics={"access": "loopback"}, limits=limits) as server:
        yield server


@pytest.fixture
async def alice(server: Server) -> Person:
    return await server.person("alice")


@pytest.fixture
async def bob(server: Server, alice: Person) -> Person:
    return await server.person("bob")


@pytest.fixture
async def garden(server: Server, alice: Person, bob: Person) -> RoomId:
    """A room of alice's, bob is in it. Its head is 2."""
    return await server.kit.room(alice.user, "garden", bob.user)
