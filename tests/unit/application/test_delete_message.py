"""A deleted text disappears everywhere; that there was a message remains."""

import pytest

from domain.errors import MessageNotFound, NotAMember, PermissionDenied
from domain.message import Kind
from domain.user import User
from tests.kit import memory_chat
from tests.unit.application.scene import Scene


async def delete(scene: Scene, actor: User, seq: int) -> None:
    await scene.chat.delete_message(actor, room_id=scene.garden, seq=seq)


async def test_the_text_is_gone_and_the_message_is_marked(scene: Scene) -> None:
    seq = await scene.say(scene.bob, "a secret for @alice")
    scene.forget()

    await delete(scene, scene.bob, seq)

    message, change = (await scene.log())[seq - 1 :]
    assert (message.deleted, message.text, message.mentions) == (True, "", ())
    assert (change.kind, change.target, change.author) == (
        Kind.DELETED,
        seq,
        scene.bob.person,
    )
    assert scene.shown() == [change]


async def test_its_earlier_wordings_are_gone_too(scene: Scene) -> None:
    seq = await scene.say(scene.bob, "a secret")
    for text in ("a secret, really @alice", "the secret"):
        await scene.chat.edit_message(scene.bob, room_id=scene.garden, seq=seq, text=text)

    await delete(scene, scene.bob, seq)

    assert not [each for each in await scene.log() if each.text or each.mentions]


async def test_moderators_and_owners_delete_what_others_said(scene: Scene) -> None:
    carol = await scene.moderator()
    seqs = [await scene.say(scene.bob), await scene.say(scene.alice)]

    await delete(scene, scene.alice, seqs[0])
    await delete(scene, carol, seqs[1])

    log = await scene.log()
    assert [log[seq - 1].deleted for seq in seqs] == [True, True]


async def test_a_member_deletes_only_their_own(scene: Scene) -> None:
    seq = await scene.say(scene.alice)
    scene.forget()

    with pytest.raises(PermissionDenied):
        await delete(scene, scene.bob, seq)
    with pytest.raises(NotAMember):
        await delete(scene, scene.mallory, seq)

    assert (await scene.log())[seq - 1].text == "hello"
    assert scene.kit.events == []


@pytest.mark.parametrize("seq", [1, 2, 99, 0, -1, 2**70])
async def test_what_is_no_post_cannot_be_deleted(scene: Scene, seq: int) -> None:
    with pytest.raises(MessageNotFound):
        await delete(scene, scene.alice, seq)


async def test_a_message_is_deleted_once(scene: Scene) -> None:
    seq = await scene.say(scene.bob)
    await delete(scene, scene.bob, seq)

    with pytest.raises(MessageNotFound):
        await delete(scene, scene.bob, seq)


async def test_the_greeting_of_the_server_can_be_deleted_by_an_owner() -> None:
    async with memory_chat(welcome_room="welcome") as kit:
        alice = await kit.person("alice")
        (summary,) = await kit.chat.list_my_rooms(alice)

        await kit.chat.delete_message(alice, room_id=summary.room.id, seq=1)

        assert (await kit.chat.list_my_rooms(alice))[0].unread.posts == 0
