"""Where registration is closed, whoever runs the server makes the accounts, but for the first."""

import asyncio

import pytest

from domain.errors import RegistrationClosed, SetupLinkRequired
from domain.user import User
from tests.kit import PASSWORD, Kit, memory_chat


async def register(kit: Kit, name: str) -> User:
    return await kit.chat.register_user(username=name, password=PASSWORD, is_from_here=True)


async def test_the_first_account_is_made_and_owns_the_site() -> None:
    async with memory_chat(registration="closed") as kit:
        assert await kit.chat.register_user.is_offered()

        alice = await register(kit, "alice")

        assert alice.is_site_owner
        assert not await kit.chat.register_user.is_offered()


async def test_nobody_registers_after_the_first_with_the_setup_link_or_without() -> None:
    async with memory_chat(registration="closed") as kit:
        alice = await kit.person("alice")

        with pytest.raises(RegistrationClosed):
            await register(kit, "bob")
        with pytest.raises(RegistrationClosed):
            await kit.chat.register_user(
                username="bob", password=PASSWORD, setup=kit.container.setup_link().secret
            )

        assert await kit.chat.find_people(alice, query="bob") == []


async def test_of_many_who_want_to_be_the_first_at_once_one_gets_an_account() -> None:
    async with memory_chat(registration="closed") as kit:
        outcomes = await asyncio.gather(
            *(register(kit, f"user{n}") for n in range(5)), return_exceptions=True
        )

        (owner,) = [each for each in outcomes if isinstance(each, User)]
        assert owner.is_site_owner
        assert sum(isinstance(each, RegistrationClosed) for each in outcomes) == 4
        assert len(await kit.chat.find_people(owner, query="user")) == 1


async def test_the_first_account_takes_the_setup_link_here_too() -> None:
    async with memory_chat(registration="closed") as kit:
        with pytest.raises(SetupLinkRequired):
            await kit.chat.register_user(username="mallory", password=PASSWORD)


async def test_the_operator_makes_accounts_all_the_same() -> None:
    async with memory_chat(registration="closed") as kit:
        people = [await kit.person("alice"), await kit.person("bob")]

        assert [person.is_site_owner for person in people] == [True, False]


async def test_open_registration_is_offered_to_everybody() -> None:
    async with memory_chat() as kit:
        await kit.person("alice")

        assert await kit.chat.register_user.is_offered()
