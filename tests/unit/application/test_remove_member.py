"""Moderators and owners remove people of lower roles."""

import asyncio

import pytest

from domain.errors import (
    Forbidden,
    InvalidField,
    NotAMember,
    RoomNotFound,
    UserNotFound,
)
from domain.message import Kind
from domain.permissions import Role
from tests.unit.application.scene import Scene


async def remove(scene: Scene, who: str, whom: str, reason: str = "") -> None:
    users = await scene.kit.container.chat().find_people.named(scene.alice, who)
    async with scene.kit.container.store().view() as view:
        actor = await view.users.get(users.person.id)
    await scene.chat.remove_member(actor, room_id=scene.garden, username=whom, reason=reason)


async def test_who_is_removed_is_no_member_and_everybody_sees_why(scene: Scene) -> None:
    await remove(scene, "alice", "@Bob", " too  loud ")

    assert await scene.role(scene.bob) is None
    (removed,) = scene.shown()
    assert (removed.kind, removed.author) == (Kind.REMOVED, scene.alice.person)
    assert (removed.member, removed.text) == (scene.bob.person, "too  loud")


async def test_removed_member_cannot_post_edit_read_or_be_told(scene: Scene) -> None:
    seq = await scene.say(scene.bob)
    await remove(scene, "alice", "bob")

    chat, bob, garden = scene.chat, scene.bob, scene.garden
    for attempt in (
        scene.say(bob),
        chat.edit_message(bob, room_id=garden, seq=seq, text="again"),
        chat.delete_message(bob, room_id=garden, seq=seq),
        chat.page_messages(bob, room_id=garden),
        chat.mark_read(bob, room_id=garden, seq=1),
        chat.show_typing(bob, room_id=garden),
        chat.invite_member(bob, room_id=garden, username="mallory"),
        chat.list_members(bob, room_id=garden),
        chat.open_room(bob, room_id=garden, connection_id=await scene.online(bob, "tab")),
    ):
        with pytest.raises(NotAMember):
            await attempt


async def test_a_post_that_waits_behind_the_removal_is_refused(scene: Scene) -> None:
    removal, *posts = await asyncio.gather(
        remove(scene, "alice", "bob"),
        *(_say_soon(scene, n) for n in range(3)),
        return_exceptions=True,
    )

    assert removal is None
    log = await scene.log()
    removed = next(each.seq for each in log if each.kind is Kind.REMOVED)
    assert all(each.seq < removed for each in log if each.is_by(scene.bob.id))
    assert all(isinstance(post, int | NotAMember) for post in posts)


async def _say_soon(scene: Scene, ticks: int) -> int:
    for _ in range(ticks * 3):
        await asyncio.sleep(0)
    return await scene.say(scene.bob)


@pytest.mark.parametrize(
    ("who", "whom"),
    [
        ("alice", "bob"),
        ("alice", "carol"),
        ("carol", "bob"),
        ("zoe", "alice"),
        ("zoe", "bob"),
    ],
)
async def test_one_may_remove_those_below(scene: Scene, who: str, whom: str) -> None:
    await scene.moderator("carol")
    await scene.chat.join_room(scene.zoe, room_id=scene.garden)

    await remove(scene, who, whom)

    names = {
        each.person.username
        for each in await scene.chat.list_members(scene.zoe, room_id=scene.garden)
    }
    assert whom not in names


@pytest.mark.parametrize(
    ("who", "whom", "refusal"),
    [
        ("bob", "alice", "permission_denied"),
        ("bob", "carol", "permission_denied"),
        ("bob", "bob", "permission_denied"),
        ("carol", "alice", "outranked"),
        ("carol", "dave", "outranked"),
        ("carol", "carol", "not_yourself"),
        ("alice", "alice", "not_yourself"),
        ("alice", "erin", "outranked"),
        ("alice", "zoe", "outranked"),
        ("carol", "zoe", "outranked"),
        ("zoe", "zoe", "not_yourself"),
    ],
)
async def test_one_may_not_remove_equals_betters_or_oneself(
    scene: Scene, who: str, whom: str, refusal: str
) -> None:
    await scene.moderator("carol")
    await scene.moderator("dave")
    await scene.moderator("erin")
    await scene.chat.change_role.promote(scene.alice, room_id=scene.garden, username="erin")
    await scene.chat.join_room(scene.zoe, room_id=scene.garden)
    scene.forget()

    with pytest.raises(Forbidden) as refused:
        await remove(scene, who, whom)

    assert refused.value.code == refusal
    assert scene.kit.events == []


async def test_a_stranger_removes_nobody(scene: Scene) -> None:
    with pytest.raises(NotAMember):
        await remove(scene, "mallory", "bob")
    with pytest.raises(NotAMember):  # Nor does the site's owner, who is not in the room.
        await remove(scene, "zoe", "bob")
    with pytest.raises(RoomNotFound):
        await scene.chat.remove_member(scene.zoe, room_id=scene.pavilion, username="bob")


@pytest.mark.parametrize("name", ["mallory", "nobody", "", "\0"])
async def test_who_is_not_in_it_cannot_be_removed(scene: Scene, name: str) -> None:
    with pytest.raises(UserNotFound):
        await remove(scene, "alice", name)


@pytest.mark.parametrize("reason", ["x" * 251, "two\nlines", "\0"])
async def test_a_reason_is_one_short_line(scene: Scene, reason: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        await remove(scene, "alice", "bob", reason)

    assert refusal.value.field == "reason"
    assert await scene.role(scene.bob) is Role.MEMBER


async def test_when_the_last_owner_is_removed_the_room_passes_on(scene: Scene) -> None:
    await scene.kit.clock.advance(1)
    await scene.chat.join_room(scene.zoe, room_id=scene.garden)
    scene.forget()

    await remove(scene, "zoe", "alice")

    assert await scene.role(scene.bob) is Role.OWNER
    assert [message.kind for message in scene.shown()] == [Kind.REMOVED, Kind.ROLE_CHANGED]
