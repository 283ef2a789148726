"""Anybody signed in may look people up by name."""

import pytest

from domain.errors import UserNotFound
from tests.unit.application.scene import Scene


async def names(scene: Scene, query: str = "", **options: int) -> list[str]:
    found = await scene.chat.find_people(scene.mallory, query=query, **options)
    return [profile.person.username for profile in found]


async def test_people_are_found_by_the_start_of_their_name(scene: Scene) -> None:
    await scene.kit.person("Alina")

    assert await names(scene, " AL ") == ["alice", "Alina"]
    assert await names(scene, "lic") == []


async def test_without_a_query_everybody_is_listed_by_name(scene: Scene) -> None:
    assert await names(scene) == ["alice", "bob", "mallory", "zoe"]
    assert await names(scene, limit=2) == ["alice", "bob"]
    assert await names(scene, limit=-5) == ["alice"]
    assert len(await names(scene, limit=10**9)) == 4


@pytest.mark.parametrize("query", ["al\0", "al\ud800", "%", "_", "a" + "\u0301\u0316" * 100_000])
async def test_what_nobody_is_called_finds_nobody(scene: Scene, query: str) -> None:
    assert await names(scene, query) == []


async def test_the_dot_shows_who_is_online(scene: Scene) -> None:
    await scene.online(scene.alice, "tab")

    found = await scene.chat.find_people(scene.mallory)

    assert {profile.person.username for profile in found if profile.online} == {"alice"}


@pytest.mark.parametrize("name", ["bob", "BOB", "@bob", " @Bob "])
async def test_one_person_is_found_by_their_whole_name(scene: Scene, name: str) -> None:
    assert (await scene.chat.find_people.named(scene.mallory, name)).person == scene.bob.person


@pytest.mark.parametrize("name", ["nobody", "bo", "", "@", "bob\0", "\ud800", "b" * 1_000_000])
async def test_another_name_is_nobodys(scene: Scene, name: str) -> None:
    with pytest.raises(UserNotFound):
        await scene.chat.find_people.named(scene.mallory, name)


async def test_a_disabled_account_is_nobody(scene: Scene) -> None:
    async with scene.kit.container.store().unit() as unit:
        await unit.users.disable(scene.bob.id, scene.kit.clock.now())

    assert "bob" not in await names(scene)
    with pytest.raises(UserNotFound):
        await scene.chat.find_people.named(scene.alice, "bob")
