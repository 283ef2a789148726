"""The first account owns the site, so strangers need the secret of the setup link for it."""

import asyncio
import re

import pytest

from adapters.persistence.memory.store import MemoryStore
from application.setup_link import SetupLink
from domain.errors import SetupLinkRequired
from domain.user import SiteRole, User
from tests.kit import PASSWORD, Kit, memory_chat


async def register(kit: Kit, name: str, **how: str | bool) -> User:
    return await kit.chat.register_user(
        username=name,
        password=PASSWORD,
        **how,  # type: ignore[arg-type]  # as called
    )


async def test_a_stranger_with_the_secret_becomes_the_owner() -> None:
    async with memory_chat() as kit:
        secret = kit.container.setup_link().secret

        alice = await register(kit, "alice", setup=secret)

        assert alice.is_site_owner


@pytest.mark.parametrize("wrong", ["", "0" * 32, "ключ", "\udc00", "almost"])
async def test_a_stranger_without_the_secret_makes_no_account(wrong: str) -> None:
    async with memory_chat() as kit:
        secret = kit.container.setup_link().secret

        with pytest.raises(SetupLinkRequired):
            await register(kit, "mallory", setup=secret[:-1] if wrong == "almost" else wrong)

        assert not await kit.chat.is_site_claimed()


async def test_whoever_sits_at_the_machine_needs_no_secret() -> None:
    async with memory_chat() as kit:
        alice = await register(kit, "alice", is_from_here=True)

        assert alice.is_site_owner


async def test_once_the_site_is_owned_nobody_needs_the_secret_and_it_opens_nothing() -> None:
    async with memory_chat() as kit:
        await kit.person("alice")
        secret = kit.container.setup_link().secret

        bob = await register(kit, "bob")
        mallory = await register(kit, "mallory", setup=secret)

        assert [bob.site_role, mallory.site_role] == [SiteRole.MEMBER, SiteRole.MEMBER]


async def test_who_comes_without_the_secret_at_the_same_moment_does_not_become_the_owner() -> None:
    async with memory_chat() as kit:
        secret = kit.container.setup_link().secret

        outcomes = await asyncio.gather(
            *(register(kit, f"mallory{n}") for n in range(3)),
            register(kit, "alice", setup=secret),
            *(register(kit, f"trudy{n}") for n in range(3)),
            return_exceptions=True,
        )

        owners = [each for each in outcomes if isinstance(each, User) and each.is_site_owner]
        assert [owner.username.value for owner in owners] == ["alice"]


async def test_every_store_has_a_secret_of_its_own_and_keeps_it() -> None:
    garden, pavilion = MemoryStore(), MemoryStore()
    await garden.open("the epoch of the garden")
    await pavilion.open("another")

    assert SetupLink(garden).secret == SetupLink(garden).secret
    assert SetupLink(garden).secret != SetupLink(pavilion).secret
    assert re.fullmatch("[0-9a-f]{32}", SetupLink(garden).secret)
