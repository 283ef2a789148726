"""Anybody signed in may make a room, and owns it."""

import asyncio

import pytest

from domain.errors import InvalidField, RateLimited, RoomNameTaken
from domain.events import RoomAppended
from domain.message import Kind
from domain.permissions import Role
from tests.kit import memory_chat
from tests.unit.application.scene import Scene


@pytest.mark.parametrize("visibility", ["public", "private"])
async def test_who_makes_a_room_owns_it(scene: Scene, visibility: str) -> None:
    summary = await scene.chat.create_room(
        scene.mallory, name="Orchard", topic=" trees ", visibility=visibility
    )

    assert (str(summary.room.name), summary.room.topic) == ("Orchard", "trees")
    assert summary.room.visibility == visibility
    assert await scene.role(scene.mallory, summary.room.id) is Role.OWNER
    assert await scene.chat.get_room(scene.mallory, room_id=summary.room.id) == summary


async def test_its_log_starts_with_its_owner(scene: Scene) -> None:
    summary = await scene.chat.create_room(scene.mallory, name="orchard")

    (joined,) = await scene.log(summary.room.id)

    assert (joined.kind, joined.seq, joined.author) == (Kind.JOINED, 1, scene.mallory.person)
    assert scene.kit.events == [RoomAppended(summary.room.id, (joined,))]
    assert summary.room.members == 1


@pytest.mark.parametrize("name", ["garden", "GARDEN", "pavilion"])
async def test_a_name_is_given_once_in_whatever_case(scene: Scene, name: str) -> None:
    with pytest.raises(RoomNameTaken):
        await scene.chat.create_room(scene.mallory, name=name)

    assert scene.kit.events == []
    assert await scene.chat.list_my_rooms(scene.mallory) == []


async def test_of_two_who_want_one_name_at_once_one_gets_it(scene: Scene) -> None:
    outcomes = await asyncio.gather(
        scene.chat.create_room(scene.alice, name="orchard"),
        scene.chat.create_room(scene.bob, name="ORCHARD"),
        return_exceptions=True,
    )

    assert [type(outcome).__name__ for outcome in outcomes] == ["RoomSummary", "RoomNameTaken"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "or chard"}, "name"),
        ({"name": ""}, "name"),
        ({"topic": "x" * 251}, "topic"),
        ({"topic": "a\nb"}, "topic"),
        ({"visibility": "direct"}, "visibility"),
        ({"visibility": "secret"}, "visibility"),
    ],
)
async def test_a_wrong_field_makes_no_room(scene: Scene, wrong: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        await scene.chat.create_room(scene.mallory, **{"name": "orchard", **wrong})

    assert refusal.value.field == field
    assert await scene.chat.list_my_rooms(scene.mallory) == []


async def test_a_person_makes_and_joins_so_many_rooms_a_minute() -> None:
    async with memory_chat(limits={"room_changes_per_minute": 2}) as kit:
        alice, bob = await kit.person("alice"), await kit.person("bob")
        room_id = await kit.room(alice, "one")
        await kit.room(alice, "two")

        with pytest.raises(RateLimited):
            await kit.room(alice, "three")

        await kit.chat.join_room(bob, room_id=room_id)
        await kit.room(bob, "three")
        with pytest.raises(RateLimited):
            await kit.room(bob, "four")


async def test_adding_people_and_writing_to_them_counts_as_well() -> None:
    async with memory_chat(limits={"room_changes_per_minute": 2}) as kit:
        alice, bob = await kit.person("alice"), await kit.person("bob")
        room_id = await kit.room(alice, "one", bob)

        with pytest.raises(RateLimited):
            await kit.chat.invite_member(alice, room_id=room_id, username="mallory")
        with pytest.raises(RateLimited):
            await kit.chat.open_direct(alice, usernames=["bob"])
