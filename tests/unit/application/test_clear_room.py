"""An owner erases the history of a room, for everybody and for good."""

import pytest

from domain.errors import MessageNotFound, NotAMember, PermissionDenied
from domain.message import Kind
from tests.unit.application.scene import Scene


async def test_nothing_remains_but_who_did_it(scene: Scene) -> None:
    await scene.say(scene.bob, "a secret")
    head = (await scene.log())[-1].seq

    await scene.chat.clear_room(scene.alice, room_id=scene.garden)

    (cleared,) = await scene.log()
    assert (cleared.kind, cleared.author) == (Kind.CLEARED, scene.alice.person)
    assert (cleared.upto, cleared.seq) == (head, head + 1)
    assert scene.shown()[-1] == cleared
    assert (await scene.chat.get_room(scene.bob, room_id=scene.garden)).room.floor == head


async def test_the_numbers_go_on(scene: Scene) -> None:
    before = await scene.say(scene.bob)

    await scene.chat.clear_room(scene.alice, room_id=scene.garden)

    assert await scene.say(scene.bob) == before + 2


async def test_what_was_cleared_is_neither_unread_nor_editable(scene: Scene) -> None:
    seq = await scene.say(scene.alice, "hello @bob")

    await scene.chat.clear_room(scene.alice, room_id=scene.garden)

    summary = await scene.chat.get_room(scene.bob, room_id=scene.garden)
    assert (summary.unread.posts, summary.unread.mentions) == (0, 0)
    with pytest.raises(MessageNotFound):
        await scene.chat.edit_message(scene.alice, room_id=scene.garden, seq=seq, text="x")
    with pytest.raises(MessageNotFound):
        await scene.chat.delete_message(scene.alice, room_id=scene.garden, seq=seq)


async def test_a_cleared_room_can_be_cleared_again(scene: Scene) -> None:
    await scene.chat.clear_room(scene.alice, room_id=scene.garden)
    await scene.chat.clear_room(scene.alice, room_id=scene.garden)

    assert await scene.kinds() == [Kind.CLEARED]


async def test_members_and_their_roles_stay(scene: Scene) -> None:
    before = await scene.chat.list_members(scene.alice, room_id=scene.garden)

    await scene.chat.clear_room(scene.alice, room_id=scene.garden)

    assert await scene.chat.list_members(scene.alice, room_id=scene.garden) == before


async def test_another_room_keeps_its_history(scene: Scene) -> None:
    before = await scene.log(scene.pavilion)

    await scene.chat.clear_room(scene.alice, room_id=scene.garden)

    assert await scene.log(scene.pavilion) == before


async def test_nobody_but_an_owner_clears(scene: Scene) -> None:
    carol = await scene.moderator()
    before = await scene.log()

    for actor in (scene.bob, carol):
        with pytest.raises(PermissionDenied):
            await scene.chat.clear_room(actor, room_id=scene.garden)
    with pytest.raises(NotAMember):
        await scene.chat.clear_room(scene.mallory, room_id=scene.garden)

    assert await scene.log() == before
