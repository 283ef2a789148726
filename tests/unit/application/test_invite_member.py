"""A member adds somebody to the room."""

import asyncio

import pytest

from domain.errors import AlreadyAMember, NotAMember, UserDisabled, UserNotFound
from domain.message import Kind
from domain.permissions import Role
from tests.unit.application.scene import Scene


@pytest.mark.parametrize("name", ["mallory", "@Mallory", " MALLORY "])
async def test_who_is_added_is_a_member_and_everybody_sees_it(scene: Scene, name: str) -> None:
    user = await scene.chat.invite_member(scene.bob, room_id=scene.pavilion, username=name)

    assert user == scene.mallory
    assert await scene.role(scene.mallory, scene.pavilion) is Role.MEMBER
    (invited,) = scene.shown()
    assert (invited.kind, invited.author) == (Kind.INVITED, scene.bob.person)
    assert invited.member == scene.mallory.person


async def test_what_was_said_before_is_history_not_news(scene: Scene) -> None:
    await scene.say(scene.alice)
    await scene.chat.invite_member(scene.bob, room_id=scene.garden, username="mallory")
    await scene.say(scene.alice)

    summary = await scene.chat.get_room(scene.mallory, room_id=scene.garden)

    assert summary.unread.posts == 1


@pytest.mark.parametrize("name", ["bob", "alice", "@BOB"])
async def test_nobody_is_added_twice(scene: Scene, name: str) -> None:
    with pytest.raises(AlreadyAMember):
        await scene.chat.invite_member(scene.bob, room_id=scene.garden, username=name)

    assert scene.kit.events == []


async def test_added_by_two_at_once_they_are_added_once(scene: Scene) -> None:
    outcomes = await asyncio.gather(
        scene.chat.invite_member(scene.alice, room_id=scene.garden, username="mallory"),
        scene.chat.invite_member(scene.bob, room_id=scene.garden, username="mallory"),
        return_exceptions=True,
    )

    assert [type(outcome).__name__ for outcome in outcomes] == ["User", "AlreadyAMember"]


@pytest.mark.parametrize("name", ["nobody", "", "@", "\0", "\ud800", "m" * 1_000_000])
async def test_nobody_else_is_added(scene: Scene, name: str) -> None:
    with pytest.raises(UserNotFound):
        await scene.chat.invite_member(scene.bob, room_id=scene.garden, username=name)

    assert scene.kit.events == []


async def test_a_disabled_account_is_not_added(scene: Scene) -> None:
    async with scene.kit.container.store().unit() as unit:
        await unit.users.disable(scene.mallory.id, scene.kit.clock.now())

    with pytest.raises(UserDisabled):
        await scene.chat.invite_member(scene.bob, room_id=scene.garden, username="mallory")


async def test_a_stranger_adds_nobody_not_even_themselves(scene: Scene) -> None:
    for name in ("mallory", "zoe"):
        with pytest.raises(NotAMember):
            await scene.chat.invite_member(scene.mallory, room_id=scene.garden, username=name)
