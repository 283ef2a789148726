"""Direct rooms: one for each group of people, and nobody else ever sees it."""

import asyncio

import pytest

from adapters.persistence.memory.room_repository import MemoryRoomRepository
from domain.errors import InvalidField, NotAMember, NotInDirect, RoomNotFound, UserNotFound
from domain.message import Kind
from domain.room import Room, Visibility
from tests.unit.application.scene import Scene


async def test_the_first_to_open_it_makes_it_for_both(scene: Scene) -> None:
    summary = await scene.chat.open_direct(scene.alice, usernames=["@Bob"])

    assert (summary.room.visibility, summary.room.name) == (Visibility.DIRECT, None)
    assert [profile.person for profile in summary.people] == [scene.bob.person]
    assert summary.room.id in {each.room.id for each in await scene.chat.list_my_rooms(scene.bob)}
    assert [message.kind for message in scene.shown()] == [Kind.JOINED, Kind.JOINED]


async def test_whoever_opens_it_later_gets_the_same(scene: Scene) -> None:
    first = await scene.chat.open_direct(scene.alice, usernames=["bob"])
    scene.forget()

    again = await scene.chat.open_direct(scene.bob, usernames=["alice", "ALICE", "bob"])

    assert again.room.id == first.room.id
    assert [profile.person for profile in again.people] == [scene.alice.person]
    assert scene.kit.events == []


async def test_opened_twice_at_once_it_is_one(scene: Scene) -> None:
    one, other = await asyncio.gather(
        scene.chat.open_direct(scene.alice, usernames=["bob"]),
        scene.chat.open_direct(scene.bob, usernames=["alice"]),
    )

    assert one.room.id == other.room.id
    assert len(scene.shown()) == 2


async def test_opened_on_two_nodes_at_once_it_is_one(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await scene.chat.open_direct(scene.alice, usernames=["bob"])
    found = MemoryRoomRepository.find_direct
    looks = 0

    async def find_too_early(self: MemoryRoomRepository, direct_key: str) -> Room | None:
        nonlocal looks
        looks += 1
        return None if looks == 1 else await found(self, direct_key)

    monkeypatch.setattr(MemoryRoomRepository, "find_direct", find_too_early)
    again = await scene.chat.open_direct(scene.bob, usernames=["alice"])

    assert again.room.id == first.room.id
    assert len(await scene.chat.list_my_rooms(scene.mallory)) == 0


async def test_another_group_has_another_room(scene: Scene) -> None:
    two = await scene.chat.open_direct(scene.alice, usernames=["bob"])
    three = await scene.chat.open_direct(scene.alice, usernames=["bob", "mallory"])
    oneself = await scene.chat.open_direct(scene.alice, usernames=["alice"])

    assert len({two.room.id, three.room.id, oneself.room.id}) == 3
    assert (three.room.members, oneself.room.members) == (3, 1)


@pytest.mark.parametrize("usernames", [[], ["bob"] * 8])
async def test_nobody_and_too_many_are_refused(scene: Scene, usernames: list[str]) -> None:
    with pytest.raises(InvalidField) as refusal:
        await scene.chat.open_direct(scene.alice, usernames=usernames)

    assert refusal.value.field == "users"


async def test_an_unknown_person_is_refused_and_nothing_made(scene: Scene) -> None:
    with pytest.raises(UserNotFound):
        await scene.chat.open_direct(scene.mallory, usernames=["bob", "nobody"])

    assert await scene.chat.list_my_rooms(scene.mallory) == []


async def test_people_talk_in_it_and_nobody_else_reads(scene: Scene) -> None:
    room_id = (await scene.chat.open_direct(scene.alice, usernames=["bob"])).room.id

    await scene.say(scene.bob, "between us", room_id=room_id)

    page = await scene.chat.page_messages(scene.alice, room_id=room_id)
    assert page.messages[-1].text == "between us"
    for stranger in (scene.mallory, scene.zoe):  # The owner of the site is one, too.
        with pytest.raises(RoomNotFound):
            await scene.chat.page_messages(stranger, room_id=room_id)
        with pytest.raises(RoomNotFound):
            await scene.chat.join_room(stranger, room_id=room_id)


async def test_it_belongs_to_those_in_it_for_good(scene: Scene) -> None:
    room_id = (await scene.chat.open_direct(scene.zoe, usernames=["bob"])).room.id
    chat, zoe = scene.chat, scene.zoe

    for attempt in (
        chat.leave_room(zoe, room_id=room_id),
        chat.invite_member(zoe, room_id=room_id, username="mallory"),
        chat.remove_member(zoe, room_id=room_id, username="bob"),
        chat.change_role(zoe, room_id=room_id, username="bob", role="owner"),
        chat.set_topic(zoe, room_id=room_id, topic="trees"),
        chat.rename_room(zoe, room_id=room_id, name="orchard"),
        chat.clear_room(zoe, room_id=room_id),
        chat.archive_room(zoe, room_id=room_id),
    ):
        with pytest.raises(NotInDirect):
            await attempt


async def test_in_it_nobody_deletes_what_another_said(scene: Scene) -> None:
    room_id = (await scene.chat.open_direct(scene.zoe, usernames=["bob"])).room.id
    seq = await scene.say(scene.bob, room_id=room_id)

    with pytest.raises(NotInDirect):
        await scene.chat.delete_message(scene.zoe, room_id=room_id, seq=seq)
    await scene.chat.delete_message(scene.bob, room_id=room_id, seq=seq)


async def test_not_being_in_a_public_room_is_told_apart(scene: Scene) -> None:
    with pytest.raises(NotAMember):
        await scene.say(scene.mallory)
