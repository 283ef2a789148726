"""Unread = posted, not deleted, not mine, after my read position."""

from application.ports.message_log import Unread
from tests.unit.application.scene import Scene


async def unread(scene: Scene) -> Unread:
    return (await scene.chat.get_room(scene.bob, room_id=scene.garden)).unread


async def test_what_others_post_is_unread(scene: Scene) -> None:
    await scene.say(scene.alice)
    await scene.say(scene.alice, "hello @bob")

    assert await unread(scene) == Unread(posts=2, mentions=1)


async def test_what_one_posts_oneself_is_not(scene: Scene) -> None:
    await scene.say(scene.bob, "hello @bob")

    assert await unread(scene) == Unread()


async def test_service_messages_are_not(scene: Scene) -> None:
    await scene.chat.join_room(scene.mallory, room_id=scene.garden)
    await scene.chat.set_topic(scene.alice, room_id=scene.garden, topic="hello @bob")
    await scene.chat.change_role.promote(scene.alice, room_id=scene.garden, username="bob")
    await scene.chat.leave_room(scene.mallory, room_id=scene.garden)

    assert await unread(scene) == Unread()


async def test_the_badge_goes_when_the_message_is_deleted(scene: Scene) -> None:
    seqs = [await scene.say(scene.alice, "hello @bob") for _ in range(2)]

    await scene.chat.delete_message(scene.alice, room_id=scene.garden, seq=seqs[0])

    assert await unread(scene) == Unread(posts=1, mentions=1)


async def test_an_edited_message_counts_once_and_if_it_was_read_not_at_all(scene: Scene) -> None:
    seq = await scene.say(scene.alice)
    await scene.chat.edit_message(scene.alice, room_id=scene.garden, seq=seq, text="hi @bob")
    assert await unread(scene) == Unread(posts=1, mentions=1)

    await scene.chat.mark_read(scene.bob, room_id=scene.garden, seq=seq)
    await scene.chat.edit_message(scene.alice, room_id=scene.garden, seq=seq, text="oh @bob")

    assert await unread(scene) == Unread()


async def test_the_badge_goes_when_the_room_is_cleared(scene: Scene) -> None:
    await scene.say(scene.alice, "hello @bob")

    await scene.chat.clear_room(scene.alice, room_id=scene.garden)

    assert await unread(scene) == Unread()


async def test_rooms_are_counted_apart(scene: Scene) -> None:
    await scene.say(scene.alice)
    await scene.say(scene.alice, room_id=scene.pavilion)
    await scene.say(scene.alice, room_id=scene.pavilion)

    rooms = await scene.chat.list_my_rooms(scene.bob)

    assert {str(each.room.name): each.unread.posts for each in rooms} == {
        "garden": 1,
        "pavilion": 2,
    }
