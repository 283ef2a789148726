"""Members see who else is in the room."""

import pytest

from domain.errors import NotAMember
from domain.permissions import Role
from tests.unit.application.scene import Scene


async def test_members_are_listed_by_name_with_role_and_presence(scene: Scene) -> None:
    await scene.online(scene.bob, "tab")

    profiles = await scene.chat.list_members(scene.bob, room_id=scene.garden)

    assert [(each.person.username, each.role, each.online) for each in profiles] == [
        ("alice", Role.OWNER, False),
        ("bob", Role.MEMBER, True),
    ]


async def test_a_stranger_does_not_see_who_is_in_it(scene: Scene) -> None:
    with pytest.raises(NotAMember):
        await scene.chat.list_members(scene.mallory, room_id=scene.garden)
