"""A member is typing; nothing of it is stored."""

import pytest

from domain.errors import NotAMember
from domain.events import PersonTyped
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
