"""A member is typing; nothing of it is stored."""

import pytest

from domain.errors import NotAMember, RateLimited
from domain.events import PersonTyped
from tests.kit import memory_chat
from tests.unit.application.scene import Scene


async def test_the_others_see_who_is_typing(scene: Scene) -> None:
    before = await scene.log()

    await scene.chat.show_typing(scene.bob, room_id=scene.garden)

    assert scene.kit.events == [PersonTyped(scene.garden, scene.bob.person)]
    assert await scene.log() == before


async def test_a_stranger_types_unseen(scene: Scene) -> None:
    with pytest.raises(NotAMember):
        await scene.chat.show_typing(scene.mallory, room_id=scene.garden)

    assert scene.kit.events == []


async def test_who_types_on_and_on_is_told_to_slow_down() -> None:
    async with memory_chat(limits={"typing_per_second": 2}) as kit:
        alice = await kit.person("alice")
        room_id = await kit.room(alice, "garden")
        for _ in range(5):
            await kit.chat.show_typing(alice, room_id=room_id)

        with pytest.raises(RateLimited):
            await kit.chat.show_typing(alice, room_id=room_id)

        await kit.clock.advance(0.5)
        await kit.chat.show_typing(alice, room_id=room_id)
