"""A room's topic, name and end."""

import pytest

from domain.errors import (
    InvalidField,
    NotAMember,
    PermissionDenied,
    RoomNameTaken,
    RoomNotFound,
)
from domain.events import RoomAppended, RoomArchived
from domain.message import Kind
from tests.unit.application.scene import Scene


async def topic(scene: Scene) -> str:
    return (await scene.chat.get_room(scene.bob, room_id=scene.garden)).room.topic


async def test_a_moderator_sets_the_topic_and_everybody_sees_it(scene: Scene) -> None:
    carol = await scene.moderator()

    await scene.chat.set_topic(carol, room_id=scene.garden, topic="  trees 🌳 ")

    assert await topic(scene) == "trees 🌳"
    (changed,) = scene.shown()
    assert (changed.kind, changed.author) == (Kind.TOPIC_CHANGED, carol.person)
    assert changed.text == "trees 🌳"


async def test_the_same_topic_again_tells_nothing_and_none_is_one(scene: Scene) -> None:
    for wanted in ("", "trees", " trees", "", ""):
        await scene.chat.set_topic(scene.alice, room_id=scene.garden, topic=wanted)

    assert [message.text for message in scene.shown()] == ["trees", ""]


async def test_a_member_sets_no_topic(scene: Scene) -> None:
    with pytest.raises(PermissionDenied):
        await scene.chat.set_topic(scene.bob, room_id=scene.garden, topic="trees")
    with pytest.raises(NotAMember):
        await scene.chat.set_topic(scene.mallory, room_id=scene.garden, topic="trees")

    assert (await topic(scene), scene.kit.events) == ("", [])


@pytest.mark.parametrize("wanted", ["x" * 251, "a\nb", "a\0", "a\u202eb"])
async def test_a_wrong_topic_changes_nothing(scene: Scene, wanted: str) -> None:
    with pytest.raises(InvalidField):
        await scene.chat.set_topic(scene.alice, room_id=scene.garden, topic=wanted)

    assert (await topic(scene), scene.kit.events) == ("", [])


async def test_an_owner_renames_the_room_and_the_old_name_is_free(scene: Scene) -> None:
    await scene.chat.rename_room(scene.alice, room_id=scene.garden, name="orchard")

    (renamed,) = scene.shown()
    assert (renamed.kind, renamed.text) == (Kind.RENAMED, "orchard")
    assert (await scene.chat.get_room.named(scene.bob, "ORCHARD")).room.id == scene.garden
    await scene.kit.room(scene.mallory, "garden")


async def test_a_name_changes_its_case_and_the_same_tells_nothing(scene: Scene) -> None:
    await scene.chat.rename_room(scene.alice, room_id=scene.garden, name="Garden")
    await scene.chat.rename_room(scene.alice, room_id=scene.garden, name="Garden")

    assert [message.text for message in scene.shown()] == ["Garden"]


async def test_a_taken_name_leaves_no_trace(scene: Scene) -> None:
    before = await scene.log()

    with pytest.raises(RoomNameTaken):
        await scene.chat.rename_room(scene.alice, room_id=scene.garden, name="Pavilion")

    assert await scene.log() == before
    assert scene.kit.events == []
    assert await scene.say(scene.bob) == before[-1].seq + 1


async def test_only_an_owner_renames_and_archives(scene: Scene) -> None:
    carol = await scene.moderator()

    for actor in (scene.bob, carol):
        with pytest.raises(PermissionDenied):
            await scene.chat.rename_room(actor, room_id=scene.garden, name="orchard")
        with pytest.raises(PermissionDenied):
            await scene.chat.archive_room(actor, room_id=scene.garden)

    assert scene.kit.events == []


@pytest.mark.parametrize("name", ["", "or chard", "оrchard"])
async def test_a_wrong_name_is_refused(scene: Scene, name: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        await scene.chat.rename_room(scene.alice, room_id=scene.garden, name=name)

    assert refusal.value.field == "name"


async def test_an_archived_room_is_gone_for_everybody(scene: Scene) -> None:
    await scene.chat.archive_room(scene.alice, room_id=scene.garden)

    assert scene.kit.events == [RoomArchived(scene.garden)]
    for user in (scene.alice, scene.bob, scene.mallory, scene.zoe):
        assert scene.garden not in {r.room.id for r in await scene.chat.list_my_rooms(user)}
        assert (await scene.chat.list_rooms(user, query="garden")).rooms == []
        with pytest.raises(RoomNotFound):
            await scene.chat.get_room(user, room_id=scene.garden)
        with pytest.raises(RoomNotFound):
            await scene.say(user)


async def test_the_name_of_an_archived_room_is_free_and_its_log_stays(scene: Scene) -> None:
    await scene.say(scene.bob)
    before = await scene.log()

    await scene.chat.archive_room(scene.alice, room_id=scene.garden)
    again = await scene.kit.room(scene.mallory, "garden")

    assert again != scene.garden
    assert await scene.log() == before


async def test_a_room_is_archived_once(scene: Scene) -> None:
    await scene.chat.archive_room(scene.alice, room_id=scene.garden)

    with pytest.raises(RoomNotFound):
        await scene.chat.archive_room(scene.alice, room_id=scene.garden)

    assert len(scene.told(RoomArchived)) == 1
    assert scene.told(RoomAppended) == []
