from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.ids import RoomId
from domain.user import User
from tests.databases import a_database
from tests.integration.http.site import Site, Visitor, served
from tests.kit import Kit, memory_chat


@pytest.fixture
async def kit(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kit]:
    kind = request.config.getoption("--database") or "memory"
    async with a_database(kind, tmp_path) as url, memory_chat(database_url=url) as kit:
        yield kit


@pytest.fixture
async def site(kit: Kit) -> AsyncIterator[Site]:
    async with served(kit) as site:
        yield site


@pytest.fixture
async def anybody(site: Site) -> Visitor:
    """Somebody who is not signed in."""
    return await site.visitor()


@pytest.fixture
async def alice_user(kit: Kit) -> User:
    return await kit.person("alice")


@pytest.fixture
async def bob_user(kit: Kit, alice_user: User) -> User:
    return await kit.person("bob")


@pytest.fixture
async def mallory_user(kit: Kit, bob_user: User) -> User:
    return await kit.person("mallory")


@pytest.fixture
async def garden(kit: Kit, alice_user: User, bob_user: User) -> RoomId:
    """A private room: alice owns it, bob is in it."""
    return await kit.room(alice_user, "garden", bob_user, visibility="private")


@pytest.fixture
async def alice(site: Site, alice_user: User) -> Visitor:
    return await site.signed_in(alice_user)


@pytest.fixture
async def bob(site: Site, bob_user: User) -> Visitor:
    return await site.signed_in(bob_user)


@pytest.fixture
async def mallory(site: Site, mallory_user: User) -> Visitor:
    return await site.signed_in(mallory_user)
