"""The one door: what a stranger learns of a room, by whatever they try."""

from collections.abc import Awaitable, Callable

import pytest

from domain.errors import DomainError, NotAMember, RoomNotFound
from domain.ids import ConnectionId, RoomId
from domain.user import User
from tests.unit.application.scene import NOWHERE, Scene

Attempt = Callable[[Scene, User, RoomId], Awaitable[object]]

ATTEMPTS: dict[str, Attempt] = {
    "leave": lambda s, u, r: s.chat.leave_room(u, room_id=r),
    "list members": lambda s, u, r: s.chat.list_members(u, room_id=r),
    "invite": lambda s, u, r: s.chat.invite_member(u, room_id=r, username="zoe"),
    "invite nobody": lambda s, u, r: s.chat.invite_member(u, room_id=r, username="nobody"),
    "remove": lambda s, u, r: s.chat.remove_member(u, room_id=r, username="bob"),
    "change a role": lambda s, u, r: s.chat.change_role(u, room_id=r, username="bob", role="owner"),
    "promote": lambda s, u, r: s.chat.change_role.promote(u, room_id=r, username="bob"),
    "demote": lambda s, u, r: s.chat.change_role.demote(u, room_id=r, username="bob"),
    "set the topic": lambda s, u, r: s.chat.set_topic(u, room_id=r, topic="trees"),
    "rename": lambda s, u, r: s.chat.rename_room(u, room_id=r, name="orchard"),
    "rename to a taken name": lambda s, u, r: s.chat.rename_room(u, room_id=r, name="pavilion"),
    "clear": lambda s, u, r: s.chat.clear_room(u, room_id=r),
    "archive": lambda s, u, r: s.chat.archive_room(u, room_id=r),
    "post": lambda s, u, r: s.chat.post_message(u, room_id=r, key="k", text="hello"),
    "post a known key": lambda s, u, r: s.chat.post_message(u, room_id=r, key="bob's", text="x"),
    "reply": lambda s, u, r: s.chat.post_message(u, room_id=r, key="k", text="x", reply_to=99),
    "command": lambda s, u, r: s.chat.post_message(u, room_id=r, key="k", text="/kick bob"),
    "edit": lambda s, u, r: s.chat.edit_message(u, room_id=r, seq=3, text="x"),
    "edit nothing": lambda s, u, r: s.chat.edit_message(u, room_id=r, seq=99, text="x"),
    "delete": lambda s, u, r: s.chat.delete_message(u, room_id=r, seq=3),
    "page": lambda s, u, r: s.chat.page_messages(u, room_id=r),
    "page around": lambda s, u, r: s.chat.page_messages(u, room_id=r, around=3),
    "mark read": lambda s, u, r: s.chat.mark_read(u, room_id=r, seq=3),
    "type": lambda s, u, r: s.chat.show_typing(u, room_id=r),
    "open": lambda s, u, r: s.chat.open_room(u, room_id=r, connection_id=ConnectionId("tab")),
}


async def outcome(attempt: Attempt, scene: Scene, user: User, room_id: RoomId) -> str:
    with pytest.raises(DomainError) as refusal:
        await attempt(scene, user, room_id)
    return f"{refusal.value.code}: {refusal.value}"


async def archived(scene: Scene) -> RoomId:
    room_id = await scene.kit.room(scene.alice, "meadow", scene.bob)
    await scene.chat.archive_room(scene.alice, room_id=room_id)
    return room_id


async def test_a_forbidden_room_looks_like_none(scene: Scene) -> None:
    await scene.post(scene.bob, "bob's", room_id=scene.pavilion)
    direct = (await scene.chat.open_direct(scene.alice, usernames=["bob"])).room.id
    rooms = (scene.pavilion, direct, await archived(scene), NOWHERE, RoomId("' OR 1=1 --"))
    scene.forget()

    for stranger in (scene.mallory, scene.zoe):
        for name, attempt in ATTEMPTS.items():
            outcomes = {await outcome(attempt, scene, stranger, room_id) for room_id in rooms}
            assert outcomes == {f"room_not_found: {RoomNotFound()}"}, name

    assert scene.kit.events == []


async def test_at_a_public_room_a_stranger_is_told_to_join(scene: Scene) -> None:
    await scene.post(scene.bob, "bob's")
    before = await scene.log()
    scene.forget()

    outcomes = {
        name: await outcome(attempt, scene, scene.mallory, scene.garden)
        for name, attempt in ATTEMPTS.items()
    }

    assert outcomes == dict.fromkeys(ATTEMPTS, f"not_a_member: {NotAMember()}")
    assert await scene.log() == before
    assert scene.kit.events == []


async def test_an_archived_room_is_closed_to_its_owner_too(scene: Scene) -> None:
    gone = await archived(scene)
    scene.forget()

    outcomes = {
        name: await outcome(attempt, scene, scene.alice, gone) for name, attempt in ATTEMPTS.items()
    }

    assert outcomes == dict.fromkeys(ATTEMPTS, f"room_not_found: {RoomNotFound()}")
    assert scene.kit.events == []
