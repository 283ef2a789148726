from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from domain.ids import RoomId
from tests.integration.ws.server import Person, Server, migrated_file, serving_on

BACKENDS = ("memory", "sqlite")

Serve = Callable[..., AbstractAsyncContextManager[Server]]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema and nothing in it, to be copied."""
    return migrated_file(tmp_path_factory.mktemp("besedka") / "empty.db")


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path) -> str:
    if request.param == "memory":
        return "memory://"
    file = tmp_path / "besedka.db"
    file.write_bytes(empty_database.read_bytes())
    return f"sqlite:///{file}"


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
