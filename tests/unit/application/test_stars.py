"""What a person keeps for themselves."""

import pytest

from domain.errors import InvalidField, MessageNotFound, NotAMember, RoomNotFound
from domain.ids import RoomId
from domain.user import User
from tests.unit.application.scene import NOWHERE, Scene


async def star(scene: Scene, seq: int, *, by: User | None = None, room: RoomId | None = None):
    await scene.chat.star_message(by or scene.bob, room_id=room or scene.garden, seq=seq)


async def listed(scene: Scene, by: User | None = None) -> list[str]:
    found = await scene.chat.list_starred(by or scene.bob)
    assert found.next is None
    return [message.text for message in found.messages]


async def test_a_star_is_listed_for_who_gave_it_and_told_to_nobody(scene: Scene) -> None:
    seq = await scene.say(scene.alice, "keep this")
    scene.forget()

    await star(scene, seq)
    await star(scene, seq)

    assert await listed(scene) == ["keep this"]
    assert await listed(scene, scene.alice) == []
    assert scene.kit.events == []


async def test_the_latest_starred_comes_first_whatever_was_said_first(scene: Scene) -> None:
    seqs = [await scene.say(scene.alice, text) for text in ("one", "two", "three")]
    aside = await scene.say(scene.alice, "aside", room_id=scene.pavilion)

    for seq, room in ((seqs[2], scene.garden), (aside, scene.pavilion), (seqs[0], scene.garden)):
        await scene.kit.clock.advance(1)
        await star(scene, seq, room=room)

    assert await listed(scene) == ["one", "aside", "three"]


async def test_a_list_goes_on_where_it_was(scene: Scene) -> None:
    for number in range(5):
        await star(scene, await scene.say(scene.alice, f"{number}"))

    texts, before = [], ""
    while True:
        found = await scene.chat.list_starred(scene.bob, before=before, limit=2)
        texts.append([message.text for message in found.messages])
        if found.next is None:
            break
        before = found.next

    assert texts == [["4", "3"], ["2", "1"], ["0"]]


async def test_without_its_star_a_message_is_not_listed(scene: Scene) -> None:
    seq = await scene.say(scene.alice)
    await star(scene, seq)

    await scene.chat.unstar_message(scene.bob, room_id=scene.garden, seq=seq)
    await scene.chat.unstar_message(scene.bob, room_id=scene.garden, seq=seq)

    assert await listed(scene) == []


async def test_pages_hits_and_an_opened_room_show_the_readers_own_stars(scene: Scene) -> None:
    seqs = [await scene.say(scene.alice, f"tea {number}") for number in range(3)]
    await star(scene, seqs[1])
    await star(scene, seqs[2], by=scene.alice)
    starred = {(scene.garden, seqs[1])}
    connection = await scene.online(scene.bob, "c")

    page = await scene.chat.page_messages(scene.bob, room_id=scene.garden)
    opened = await scene.chat.open_room(scene.bob, room_id=scene.garden, connection_id=connection)
    found = await scene.chat.search_messages(scene.bob, query="tea")

    assert page.starred == opened.page.starred == found.starred == starred


async def test_what_is_deleted_or_cleared_is_starred_no_more(scene: Scene) -> None:
    seqs = [await scene.say(scene.bob, text) for text in ("one", "two")]
    for seq in seqs:
        await star(scene, seq)

    await scene.chat.delete_message(scene.bob, room_id=scene.garden, seq=seqs[0])
    assert await listed(scene) == ["two"]
    await scene.chat.clear_room(scene.alice, room_id=scene.garden)
    assert await listed(scene) == []


async def test_an_edited_message_is_listed_as_it_is_now(scene: Scene) -> None:
    seq = await scene.say(scene.alice, "before")
    await star(scene, seq)

    await scene.chat.edit_message(scene.alice, room_id=scene.garden, seq=seq, text="after")

    assert await listed(scene) == ["after"]


async def test_who_left_sees_it_no_more_and_who_returns_does(scene: Scene) -> None:
    await star(scene, await scene.say(scene.alice, "here"))
    await scene.kit.clock.advance(1)
    there = await scene.say(scene.alice, "there", room_id=scene.pavilion)
    await star(scene, there, room=scene.pavilion)

    await scene.chat.leave_room(scene.bob, room_id=scene.garden)
    assert await listed(scene) == ["there"]
    await scene.chat.join_room(scene.bob, room_id=scene.garden)
    assert await listed(scene) == ["there", "here"]


async def test_only_what_was_said_and_is_there_can_be_starred(scene: Scene) -> None:
    seq = await scene.say(scene.alice)
    await scene.chat.delete_message(scene.alice, room_id=scene.garden, seq=seq)

    for impossible in (1, seq, seq + 1, seq + 99, 0):  # 1 tells that the garden was joined.
        with pytest.raises(MessageNotFound):
            await star(scene, impossible)


async def test_strangers_star_nothing(scene: Scene) -> None:
    seq = await scene.say(scene.alice)
    secret = await scene.say(scene.alice, room_id=scene.pavilion)

    for call in (scene.chat.star_message, scene.chat.unstar_message):
        with pytest.raises(NotAMember):
            await call(scene.mallory, room_id=scene.garden, seq=seq)
        with pytest.raises(RoomNotFound):
            await call(scene.mallory, room_id=scene.pavilion, seq=secret)
        with pytest.raises(RoomNotFound):
            await call(scene.bob, room_id=NOWHERE, seq=1)


@pytest.mark.parametrize("before", ["x", "1.x.1", f"1.{NOWHERE}.-1", f"1.{NOWHERE}.{2**53}", "..."])
async def test_what_no_answer_gave_is_refused(scene: Scene, before: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        await scene.chat.list_starred(scene.bob, before=before)

    assert refusal.value.field == "before"


@pytest.mark.parametrize("limit", [0, 51, -1])
async def test_a_list_has_one_to_fifty(scene: Scene, limit: int) -> None:
    with pytest.raises(InvalidField) as refusal:
        await scene.chat.list_starred(scene.bob, limit=limit)

    assert refusal.value.field == "limit"
