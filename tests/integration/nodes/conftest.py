"""Two nodes in this process, on one database, with a Valkey between them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from domain.ids import RoomId
from tests.databases import a_database
from tests.integration.nodes.site import Site, two_nodes
from tests.integration.ws.server import Person
from tests.servers import valkey
from tests.servers.valkey import ValkeyServer


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    given = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "database_url" in metafunc.fixturenames and "database_url" not in given:
        only = metafunc.config.getoption("--database")
        kinds = [only] if only in {"postgres", "mongo"} else ["postgres", "mongo"]
        metafunc.parametrize("database_url", kinds, indirect=True)


@pytest.fixture
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    async with a_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture(scope="module")
def own_redis() -> Iterator[ValkeyServer]:
    """One to be killed and frozen."""
    server = ValkeyServer()
    server.start()
    yield server
    server.close()


@pytest.fixture
async def site(database_url: str) -> AsyncIterator[Site]:
    async with two_nodes(database_url, valkey.shared_server_url()) as site:
        yield site


@pytest.fixture
async def alice(site: Site) -> Person:
    return await site.one.person("alice")


@pytest.fixture
async def bob(site: Site, alice: Person) -> Person:
    """Somebody who comes by the other node."""
    person = await site.one.person("bob")
    return site.at_other(person)


@pytest.fixture
async def garden(site: Site, alice: Person, bob: Person) -> RoomId:
    """A private room: alice owns it, bob is in it."""
    return await site.one.kit.room(alice.user, "garden", bob.user, visibility="private")
