"""The author of a post says it better."""

import pytest

from domain.errors import (
    InvalidField,
    MessageNotFound,
    NotAMember,
    PermissionDenied,
    RateLimited,
)
from domain.message import Kind
from tests.kit import memory_chat
from tests.unit.application.scene import Scene


async def edit(scene: Scene, actor: str, seq: int, text: str = "hello again") -> None:
    await scene.chat.edit_message(getattr(scene, actor), room_id=scene.garden, seq=seq, text=text)


async def test_readers_see_the_new_text_and_that_it_was_edited(scene: Scene) -> None:
    seq = await scene.say(scene.bob)
    await scene.kit.clock.advance(60)
    scene.forget()

    await edit(scene, "bob", seq)

    message = (await scene.log())[seq - 1]
    assert (message.text, message.edited_at) == ("hello again", scene.kit.clock.now())
    (change,) = scene.shown()
    assert (change.kind, change.target, change.text) == (Kind.EDITED, seq, "hello again")
    assert (change.seq, change.author) == (seq + 1, scene.bob.person)


@pytest.mark.parametrize(("typed", "kept"), [("//x", "/x"), ("/x", "/x"), ("///x", "//x")])
async def test_a_second_slash_keeps_it_from_being_a_command_as_in_a_post(
    scene: Scene, typed: str, kept: str
) -> None:
    seq = await scene.say(scene.bob)
    scene.forget()

    await edit(scene, "bob", seq, typed)

    assert (await scene.log())[seq - 1].text == kept
    (change,) = scene.shown()
    assert change.text == kept


async def test_its_place_time_and_key_stay(scene: Scene) -> None:
    posted = (await scene.post(scene.bob, "k")).message
    await scene.kit.clock.advance(60)

    await edit(scene, "bob", posted.seq)

    edited = (await scene.log())[posted.seq - 1]
    assert (edited.seq, edited.at, edited.key) == (posted.seq, posted.at, "k")


async def test_who_is_mentioned_now_is_mentioned(scene: Scene) -> None:
    seq = await scene.say(scene.alice, "hello @bob")
    unread = []

    for text in ("hello everybody", "no, @bob", "@mallory"):
        await edit(scene, "alice", seq, text)
        summary = await scene.chat.get_room(scene.bob, room_id=scene.garden)
        unread.append((summary.unread.posts, summary.unread.mentions))

    assert unread == [(1, 0), (1, 1), (1, 0)]


async def test_nobody_edits_what_another_said(scene: Scene) -> None:
    seq = await scene.say(scene.bob)
    await scene.chat.join_room(scene.zoe, room_id=scene.garden)
    scene.forget()

    for actor in ("alice", "zoe"):
        with pytest.raises(PermissionDenied):
            await edit(scene, actor, seq)
    with pytest.raises(NotAMember):
        await edit(scene, "mallory", seq)

    assert (await scene.log())[seq - 1].text == "hello"
    assert scene.kit.events == []


@pytest.mark.parametrize("seq", [1, 2, 99, 0, -1, 2**70])
async def test_what_is_no_post_cannot_be_edited(scene: Scene, seq: int) -> None:
    with pytest.raises(MessageNotFound):
        await edit(scene, "bob", seq)


async def test_a_change_or_a_deleted_post_cannot_be_edited(scene: Scene) -> None:
    seq = await scene.say(scene.bob)
    await edit(scene, "bob", seq)
    with pytest.raises(MessageNotFound):
        await edit(scene, "bob", seq + 1)

    await scene.chat.delete_message(scene.bob, room_id=scene.garden, seq=seq)
    with pytest.raises(MessageNotFound):
        await edit(scene, "bob", seq)


@pytest.mark.parametrize("text", ["", " ", "\0", "\ud800", "x" * 8_001])
async def test_a_wrong_text_changes_nothing(scene: Scene, text: str) -> None:
    seq = await scene.say(scene.bob)

    with pytest.raises(InvalidField):
        await edit(scene, "bob", seq, text)

    assert (await scene.log())[-1].seq == seq


async def test_a_seq_of_another_room_is_no_message_of_this(scene: Scene) -> None:
    for _ in range(3):
        await scene.say(scene.bob, room_id=scene.pavilion)

    with pytest.raises(MessageNotFound):
        await edit(scene, "bob", 5)


async def test_edits_and_deletions_count_as_posts() -> None:
    """They are stored and told like posts: whoever may not flood with the one may not with them."""
    async with memory_chat(limits={"posts_per_second": 1, "post_burst": 3}) as kit:
        alice = await kit.person("alice")
        room_id = await kit.room(alice, "garden")
        seq = await kit.say(alice, room_id, "first")
        for text in ("second", "third"):
            await kit.chat.edit_message(alice, room_id=room_id, seq=seq, text=text)

        with pytest.raises(RateLimited):
            await kit.chat.edit_message(alice, room_id=room_id, seq=seq, text="fourth")
        with pytest.raises(RateLimited):
            await kit.chat.delete_message(alice, room_id=room_id, seq=seq)
