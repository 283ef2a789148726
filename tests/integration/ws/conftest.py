from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from domain.ids import RoomId
from tests.databases import DATABASES, a_database
from tests.integration.ws.server import Person, Server, serving_on

Serve = Callable[..., AbstractAsyncContextManager[Server]]


# About frames and lines rather than about what is stored: one database is enough, if no other is
# asked for.
OF_THE_LINE = {"test_admission", "test_closing", "test_malformed", "test_plain_socket"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test on each database that keeps anything, but those that name theirs."""
    given = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "database_url" in metafunc.fixturenames and "database_url" not in given:
        only = metafunc.config.getoption("--database")
        is_of_the_line = Path(metafunc.module.__file__ or "").stem in OF_THE_LINE
        usual = ("sqlite",) if is_of_the_line else DATABASES[1:]
        metafunc.parametrize("database_url", [only] if only else usual, indirect=True)


@pytest.fixture
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    async with a_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def serve(database_url: str) -> Serve:
    """Starts the whole server in this process, with other settings than usual."""

    def serve(**changes: object) -> AbstractAsyncContextManager[Server]:
        return serving_on(database_url, **changes)

    return serve


@pytest.fixture
async def server(serve: Serve) -> AsyncIterator[Server]:
    async with serve() as server:
        yield server


@pytest.fixture
async def alice(server: Server) -> Person:
    return await server.person("alice")


@pytest.fixture
async def bob(server: Server, alice: Person) -> Person:
    return await server.person("bob")


@pytest.fixture
async def mallory(server: Server, bob: Person) -> Person:
    return await server.person("mallory")


@pytest.fixture
async def garden(server: Server, alice: Person, bob: Person) -> RoomId:
    """A private room: alice owns it, bob is in it, mallory is not."""
    return await server.kit.room(alice.user, "garden", bob.user, visibility="private")
