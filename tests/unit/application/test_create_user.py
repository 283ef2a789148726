"""The operator makes somebody an account."""

import pytest

from domain.errors import InvalidField, UsernameTaken
from tests.kit import PASSWORD, memory_chat
from tests.unit.application.scene import Scene


async def test_the_first_account_owns_the_site_and_no_other_does() -> None:
    async with memory_chat() as kit:
        first = await kit.chat.create_user(username="alice", password=PASSWORD)
        second = await kit.chat.create_user(username="bob", password=PASSWORD)

        assert (first.is_site_owner, second.is_site_owner) == (True, False)


async def test_who_was_given_an_account_signs_in_with_it(scene: Scene) -> None:
    await scene.chat.create_user(username="carol", password=PASSWORD, display_name="Carol ♪")

    signed_in = await scene.chat.sign_in(username="carol", password=PASSWORD)

    assert signed_in.user.display_name == "Carol ♪"


async def test_the_operator_makes_as_many_accounts_as_they_like() -> None:
    async with memory_chat(limits={"registrations_per_hour": 1}) as kit:
        people = [await kit.person(name) for name in ("alice", "bob", "carol")]

        assert len(people) == 3


async def test_the_rules_for_names_and_passwords_hold_for_the_operator_too(scene: Scene) -> None:
    with pytest.raises(UsernameTaken):
        await scene.chat.create_user(username="BOB", password=PASSWORD)
    with pytest.raises(InvalidField):
        await scene.chat.create_user(username="carol", password="short")
