"""The directory, one's own rooms, and one room as one sees it."""

import pytest

from domain.errors import RoomNotFound
from tests.unit.application.scene import NOWHERE, Scene


async def directory(scene: Scene, who: str = "mallory", **options: object) -> list[str]:
    page = await scene.chat.list_rooms(getattr(scene, who), **options)  # type: ignore[arg-type]  # as called
    return [str(summary.room.name) for summary in page.rooms]


async def test_everybody_sees_public_rooms_and_members_their_private_ones(scene: Scene) -> None:
    await scene.chat.open_direct(scene.alice, usernames=["bob"])

    assert await directory(scene, "mallory") == ["garden"]
    assert await directory(scene, "zoe") == ["garden"]
    assert await directory(scene, "bob") == ["garden", "pavilion"]


async def test_the_directory_says_which_rooms_are_mine(scene: Scene) -> None:
    await scene.kit.room(scene.alice, "orchard")

    page = await scene.chat.list_rooms(scene.bob)

    mine = [str(each.room.name) for each in page.rooms if each.membership]
    assert mine == ["garden", "pavilion"]


async def test_rooms_are_found_by_a_part_of_their_name(scene: Scene) -> None:
    await scene.kit.room(scene.alice, "Kindergarten")

    assert await directory(scene, query=" GARD ") == ["garden"]
    assert await directory(scene, query="gar") == ["garden", "Kindergarten"]
    assert await directory(scene, query="pav") == []


@pytest.mark.parametrize("query", ["\0", "\ud800", "%", "a" + "\u0301\u0316" * 100_000])
async def test_what_no_room_is_called_finds_none(scene: Scene, query: str) -> None:
    assert await directory(scene, query=query) == []
    if query != "%":
        assert await directory(scene, after=query) == []


async def test_pages_of_the_directory_make_the_whole(scene: Scene) -> None:
    for number in range(5):
        await scene.kit.room(scene.alice, f"Room{number}")
    pages, after, more = [], "", True

    while more:
        page = await scene.chat.list_rooms(scene.mallory, after=after, limit=4)
        pages.append([str(each.room.name) for each in page.rooms])
        after, more = pages[-1][-1], page.more

    assert pages == [["garden", "Room0", "Room1", "Room2"], ["Room3", "Room4"]]


async def test_a_page_has_at_least_one_room_and_not_too_many(scene: Scene) -> None:
    await scene.kit.room(scene.alice, "orchard")

    assert await directory(scene, limit=-1) == ["garden"]
    assert len(await directory(scene, limit=10**9)) == 2


async def test_my_rooms_are_those_i_am_in_in_the_order_of_joining(scene: Scene) -> None:
    direct = await scene.chat.open_direct(scene.bob, usernames=["mallory"])
    await scene.kit.clock.advance(1)
    await scene.chat.join_room(scene.mallory, room_id=scene.garden)

    rooms = await scene.chat.list_my_rooms(scene.mallory)

    assert [summary.room.id for summary in rooms] == [direct.room.id, scene.garden]
    assert [person.person.username for person in rooms[0].people] == ["bob"]
    assert rooms[1].people == ()


async def test_my_rooms_say_what_is_unread(scene: Scene) -> None:
    await scene.say(scene.alice, "hello @bob")
    await scene.say(scene.alice, "hello?")

    unread = {each.room.id: each.unread for each in await scene.chat.list_my_rooms(scene.bob)}

    assert (unread[scene.garden].posts, unread[scene.garden].mentions) == (2, 1)
    assert unread[scene.pavilion].posts == 0


async def test_a_member_gets_a_room_with_their_place_in_it(scene: Scene) -> None:
    summary = await scene.chat.get_room(scene.bob, room_id=scene.pavilion)

    assert str(summary.room.name) == "pavilion"
    assert summary.membership
    assert await scene.chat.get_room.named(scene.bob, "PAVILION") == summary


async def test_a_stranger_gets_a_public_room_without_its_news(scene: Scene) -> None:
    await scene.say(scene.alice)

    summary = await scene.chat.get_room.named(scene.mallory, "garden")

    assert (summary.membership, summary.unread.posts) == (None, 0)


@pytest.mark.parametrize("name", ["pavilion", "nowhere", "", "\0", "\ud800", "x" * 1_000_000])
async def test_a_stranger_gets_no_private_room(scene: Scene, name: str) -> None:
    with pytest.raises(RoomNotFound):
        await scene.chat.get_room.named(scene.mallory, name)
    for room_id in (scene.pavilion, NOWHERE):
        with pytest.raises(RoomNotFound):
            await scene.chat.get_room(scene.mallory, room_id=room_id)
