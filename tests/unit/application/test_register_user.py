"""Anybody may make themselves an account; the first one owns the site."""

import asyncio

import pytest

from domain.errors import InvalidField, RateLimited, UsernameTaken
from tests.kit import PASSWORD, memory_chat
from tests.unit.application.scene import Scene


async def test_the_first_account_owns_the_site_and_no_other_does() -> None:
    async with memory_chat() as kit:
        assert not await kit.chat.is_site_claimed()

        first, second = await kit.person("alice"), await kit.person("bob")

        assert (first.is_site_owner, second.is_site_owner) == (True, False)
        assert await kit.chat.is_site_claimed()


async def test_of_many_first_accounts_at_once_one_owns_the_site() -> None:
    async with memory_chat() as kit:
        people = await asyncio.gather(*(kit.person(f"user{n}") for n in range(5)))

        assert sum(person.is_site_owner for person in people) == 1


async def test_a_new_account_is_called_and_reached_as_it_says(scene: Scene) -> None:
    carol = await scene.chat.register_user(
        username="carol", password=PASSWORD, display_name="Carol ♪", email="carol@example.org"
    )

    assert (carol.username.value, carol.display_name) == ("carol", "Carol ♪")
    assert carol.email == "carol@example.org"
    assert carol.created_at == scene.kit.clock.now()


async def test_who_says_nothing_more_is_shown_by_their_name(scene: Scene) -> None:
    carol = await scene.chat.register_user(username="Carol", password=PASSWORD)

    assert (carol.display_name, carol.email) == ("Carol", None)


@pytest.mark.parametrize("name", ["bob", "BOB", "Bob"])
async def test_a_name_is_given_once_in_whatever_case(scene: Scene, name: str) -> None:
    with pytest.raises(UsernameTaken):
        await scene.kit.person(name)


async def test_of_two_who_want_one_name_at_once_one_gets_it(scene: Scene) -> None:
    outcomes = await asyncio.gather(
        scene.kit.person("carol"), scene.kit.person("CAROL"), return_exceptions=True
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["User", "UsernameTaken"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"username": "car ol"}, "username_invalid"),
        ({"username": "саrol"}, "username_invalid"),
        ({"password": "short"}, "password_too_short"),
        ({"password": "carol.carol", "username": "carol.carol"}, "password_too_common"),
        ({"display_name": " "}, "display_name_invalid"),
        ({"email": "nowhere"}, "email_invalid"),
    ],
)
async def test_a_wrong_field_makes_no_account(
    scene: Scene, wrong: dict[str, str], code: str
) -> None:
    with pytest.raises(InvalidField) as refusal:
        await scene.chat.register_user(**{"username": "carol", "password": PASSWORD, **wrong})

    assert refusal.value.code == code
    assert await scene.chat.find_people(scene.alice, query="car") == []


async def test_one_address_makes_so_many_accounts_an_hour() -> None:
    async with memory_chat(limits={"registrations_per_hour": 2}) as kit:
        await kit.person("zoe")

        async def register(name: str, address: str) -> None:
            await kit.chat.register_user(username=name, password=PASSWORD, address=address)

        await register("alice", "192.0.2.1")
        await register("bob", "192.0.2.1")
        with pytest.raises(RateLimited) as refusal:
            await register("carol", "192.0.2.1")
        await register("mallory", "192.0.2.2")

        assert refusal.value.retry_after == pytest.approx(1800)
        await kit.clock.advance(1800)
        await register("carol", "192.0.2.1")
