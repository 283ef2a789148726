"""Members leave; a room with people in it always has an owner."""

import pytest

from domain.errors import NotAMember, RoomNotFound
from domain.message import Kind
from domain.permissions import Role
from tests.unit.application.scene import NOWHERE, Scene


async def test_who_leaves_is_no_member_and_the_others_see_it(scene: Scene) -> None:
    summary = await scene.chat.leave_room(scene.bob, room_id=scene.garden)

    assert (summary.membership, summary.room.members) == (None, 1)
    assert await scene.role(scene.bob) is None
    assert [(each.kind, each.author) for each in scene.shown()] == [(Kind.LEFT, scene.bob.person)]
    assert scene.garden not in {each.room.id for each in await scene.chat.list_my_rooms(scene.bob)}


async def test_who_left_can_neither_post_nor_read(scene: Scene) -> None:
    await scene.chat.leave_room(scene.bob, room_id=scene.garden)

    with pytest.raises(NotAMember):
        await scene.say(scene.bob)
    with pytest.raises(NotAMember):
        await scene.chat.page_messages(scene.bob, room_id=scene.garden)


async def test_who_left_a_private_room_does_not_find_it_again(scene: Scene) -> None:
    await scene.chat.leave_room(scene.bob, room_id=scene.pavilion)

    with pytest.raises(RoomNotFound):
        await scene.chat.join_room(scene.bob, room_id=scene.pavilion)


async def test_when_the_last_owner_leaves_the_highest_role_inherits(scene: Scene) -> None:
    carol = await scene.moderator()

    await scene.chat.leave_room(scene.alice, room_id=scene.garden)

    assert (await scene.role(carol), await scene.role(scene.bob)) == (Role.OWNER, Role.MEMBER)
    left, promoted = scene.shown()
    assert (left.kind, promoted.kind) == (Kind.LEFT, Kind.ROLE_CHANGED)
    assert (promoted.author, promoted.subject, promoted.text) == (None, carol.person, "owner")


async def test_among_equals_who_came_first_inherits(scene: Scene) -> None:
    await scene.kit.clock.advance(1)
    await scene.chat.join_room(scene.mallory, room_id=scene.garden)

    await scene.chat.leave_room(scene.alice, room_id=scene.garden)

    assert await scene.role(scene.bob) is Role.OWNER
    assert await scene.role(scene.mallory) is Role.MEMBER


async def test_where_another_owner_stays_nobody_inherits(scene: Scene) -> None:
    await scene.chat.change_role(scene.alice, room_id=scene.garden, username="bob", role="owner")
    scene.forget()

    await scene.chat.leave_room(scene.alice, room_id=scene.garden)

    assert [message.kind for message in scene.shown()] == [Kind.LEFT]


async def test_a_room_that_everybody_left_waits_empty(scene: Scene) -> None:
    await scene.chat.leave_room(scene.bob, room_id=scene.garden)

    summary = await scene.chat.leave_room(scene.alice, room_id=scene.garden)

    assert summary.room.members == 0
    assert (await scene.chat.get_room(scene.mallory, room_id=scene.garden)).room.members == 0


async def test_who_is_not_in_it_cannot_leave(scene: Scene) -> None:
    with pytest.raises(NotAMember):
        await scene.chat.leave_room(scene.mallory, room_id=scene.garden)
    for room_id in (scene.pavilion, NOWHERE):
        with pytest.raises(RoomNotFound):
            await scene.chat.leave_room(scene.mallory, room_id=room_id)

    assert scene.kit.events == []
