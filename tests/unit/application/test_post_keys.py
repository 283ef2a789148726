"""A client's key makes repeating a post harmless: exactly once, whatever happened meanwhile."""

import asyncio

import pytest

from domain.errors import KeyReused, NotAMember
from domain.events import RoomAppended
from tests.unit.application.scene import Scene


async def test_the_same_post_again_is_the_first_one(scene: Scene) -> None:
    first = await scene.post(scene.bob, "k")
    scene.forget()

    again = await scene.post(scene.bob, "k")

    assert (first.duplicate, again.duplicate) == (False, True)
    assert again.message == first.message
    assert scene.kit.events == []


async def test_the_same_post_many_times_at_once_is_one(scene: Scene) -> None:
    posts = await asyncio.gather(*(scene.post(scene.bob, "k") for _ in range(10)))

    assert {post.message.seq for post in posts} == {3}
    assert [post.duplicate for post in posts] == [False] + [True] * 9
    assert len(scene.shown()) == 1


async def test_another_text_with_a_used_key_is_a_conflict(scene: Scene) -> None:
    await scene.post(scene.bob, "k")

    with pytest.raises(KeyReused):
        await scene.post(scene.bob, "k", "another text")


async def test_another_text_with_the_same_key_at_once_is_a_conflict(scene: Scene) -> None:
    outcomes = await asyncio.gather(
        scene.post(scene.bob, "k", "one"), scene.post(scene.bob, "k", "two"), return_exceptions=True
    )

    assert [type(outcome).__name__ for outcome in outcomes] == ["Posted", "KeyReused"]


async def test_a_key_is_used_in_one_room_only(scene: Scene) -> None:
    await scene.post(scene.bob, "k")

    with pytest.raises(KeyReused):
        await scene.post(scene.bob, "k", room_id=scene.pavilion)


async def test_each_author_has_keys_of_their_own(scene: Scene) -> None:
    bobs = await scene.post(scene.bob, "k")
    alices = await scene.post(scene.alice, "k", "another text")

    assert (bobs.message.seq, alices.message.seq) == (3, 4)


async def test_a_repetition_after_an_edit_finds_the_edited_message(scene: Scene) -> None:
    first = await scene.post(scene.bob, "k")
    await scene.chat.edit_message(scene.bob, room_id=scene.garden, seq=3, text="hello!")

    again = await scene.post(scene.bob, "k")

    assert (again.duplicate, again.message.seq) == (True, first.message.seq)
    assert again.message.text == "hello!"


async def test_a_repetition_after_a_deletion_does_not_bring_it_back(scene: Scene) -> None:
    await scene.post(scene.bob, "k")
    await scene.chat.delete_message(scene.bob, room_id=scene.garden, seq=3)

    again = await scene.post(scene.bob, "k")

    assert again.duplicate
    assert (again.message.deleted, again.message.text) == (True, "")


async def test_a_repetition_after_a_clearing_is_a_new_message(scene: Scene) -> None:
    await scene.post(scene.bob, "k")
    await scene.chat.clear_room(scene.alice, room_id=scene.garden)

    again = await scene.post(scene.bob, "k", "another text")

    assert (again.duplicate, again.message.seq) == (False, 5)


async def test_a_repetition_by_who_was_removed_meanwhile_is_refused(scene: Scene) -> None:
    await scene.post(scene.bob, "k")
    await scene.chat.remove_member(scene.alice, room_id=scene.garden, username="bob")

    with pytest.raises(NotAMember):
        await scene.post(scene.bob, "k")


async def test_a_refused_post_does_not_use_up_its_key(scene: Scene) -> None:
    with pytest.raises(NotAMember):
        await scene.post(scene.mallory, "k")
    await scene.chat.join_room(scene.mallory, room_id=scene.garden)

    assert not (await scene.post(scene.mallory, "k", "another text")).duplicate


async def test_a_repetition_tells_nobody_and_takes_no_number(scene: Scene) -> None:
    await scene.post(scene.bob, "k")
    await scene.post(scene.bob, "k")

    assert await scene.say(scene.bob) == 4
    assert [len(event.messages) for event in scene.told(RoomAppended)] == [1, 1]
