"""Anybody signed in may join a public room."""

import asyncio

import pytest

from domain.errors import RoomNotFound
from domain.message import Kind
from domain.permissions import Role
from tests.unit.application.scene import NOWHERE, Scene


async def test_who_joins_is_a_member_and_the_others_see_it(scene: Scene) -> None:
    summary = await scene.chat.join_room(scene.mallory, room_id=scene.garden)

    assert summary.room.members == 3
    assert await scene.role(scene.mallory) is Role.MEMBER
    (joined,) = scene.shown()
    assert (joined.kind, joined.author) == (Kind.JOINED, scene.mallory.person)


async def test_what_was_said_before_is_history_not_news(scene: Scene) -> None:
    await scene.say(scene.alice, "hello @mallory")

    summary = await scene.chat.join_room(scene.mallory, room_id=scene.garden)

    assert summary.unread.posts == 0
    page = await scene.chat.page_messages(scene.mallory, room_id=scene.garden)
    assert "hello @mallory" in [message.text for message in page.messages]


async def test_joining_again_does_nothing(scene: Scene) -> None:
    await scene.chat.join_room(scene.bob, room_id=scene.garden)

    assert await scene.kinds() == [Kind.JOINED, Kind.INVITED]
    assert scene.kit.events == []


async def test_joining_twice_at_once_is_joining_once(scene: Scene) -> None:
    await asyncio.gather(
        *(scene.chat.join_room(scene.mallory, room_id=scene.garden) for _ in range(3))
    )

    assert [message.kind for message in scene.shown()] == [Kind.JOINED]
    assert (await scene.chat.get_room(scene.bob, room_id=scene.garden)).room.members == 3


async def test_a_private_room_and_none_cannot_be_joined(scene: Scene) -> None:
    for room_id in (scene.pavilion, NOWHERE):
        with pytest.raises(RoomNotFound):
            await scene.chat.join_room(scene.mallory, room_id=room_id)

    assert await scene.chat.list_my_rooms(scene.mallory) == []


async def test_who_joins_a_deserted_room_owns_it(scene: Scene) -> None:
    await scene.chat.leave_room(scene.bob, room_id=scene.garden)
    await scene.chat.leave_room(scene.alice, room_id=scene.garden)

    await scene.chat.join_room(scene.mallory, room_id=scene.garden)

    assert await scene.role(scene.mallory) is Role.OWNER


async def test_who_was_removed_may_join_a_public_room_again(scene: Scene) -> None:
    await scene.chat.remove_member(scene.alice, room_id=scene.garden, username="bob")

    await scene.chat.join_room(scene.bob, room_id=scene.garden)

    assert await scene.say(scene.bob) == 5
