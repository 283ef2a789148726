"""Owners raise and lower roles; a room keeps an owner."""

import pytest

from domain.errors import (
    InvalidField,
    LastOwner,
    NotAMember,
    Outranked,
    PermissionDenied,
    UserNotFound,
)
from domain.message import Kind
from domain.permissions import Role
from domain.user import User
from tests.unit.application.scene import Scene


async def change(scene: Scene, actor: User, username: str, role: str) -> None:
    await scene.chat.change_role(actor, room_id=scene.garden, username=username, role=role)


@pytest.mark.parametrize("role", ["moderator", "owner"])
async def test_a_new_role_is_seen_by_everybody(scene: Scene, role: str) -> None:
    await change(scene, scene.alice, "@Bob", role)

    assert await scene.role(scene.bob) == role
    (changed,) = scene.shown()
    assert (changed.kind, changed.author) == (Kind.ROLE_CHANGED, scene.alice.person)
    assert (changed.member, changed.text) == (scene.bob.person, role)


async def test_a_new_role_counts_at_once(scene: Scene) -> None:
    with pytest.raises(PermissionDenied):
        await scene.chat.set_topic(scene.bob, room_id=scene.garden, topic="trees")

    await change(scene, scene.alice, "bob", "moderator")

    await scene.chat.set_topic(scene.bob, room_id=scene.garden, topic="trees")


async def test_promoting_and_demoting_go_by_one_and_end_at_the_ends(scene: Scene) -> None:
    promote, demote = scene.chat.change_role.promote, scene.chat.change_role.demote
    alice, bob = scene.alice, scene.bob
    roles = []

    steps = [(promote, alice)] * 3 + [(demote, bob)] + [(demote, alice)] * 2
    for step, actor in steps:
        member = await step(actor, room_id=scene.garden, username="bob")
        roles.append(member.membership.role)

    assert roles == ["moderator", "owner", "owner", "moderator", "member", "member"]
    assert len(scene.shown()) == 4


async def test_no_owner_lowers_another_but_the_owner_of_the_site(scene: Scene) -> None:
    await change(scene, scene.alice, "bob", "owner")
    await scene.chat.join_room(scene.zoe, room_id=scene.garden)

    with pytest.raises(Outranked):
        await change(scene, scene.alice, "bob", "member")
    await change(scene, scene.zoe, "bob", "member")

    assert await scene.role(scene.bob) is Role.MEMBER


async def test_the_same_role_again_tells_nothing(scene: Scene) -> None:
    await change(scene, scene.alice, "bob", "member")

    assert scene.kit.events == []


@pytest.mark.parametrize("role", ["member", "moderator"])
async def test_the_last_owner_stays_one(scene: Scene, role: str) -> None:
    with pytest.raises(LastOwner):
        await change(scene, scene.alice, "alice", role)
    with pytest.raises(LastOwner):
        await scene.chat.change_role.demote(scene.alice, room_id=scene.garden, username="alice")

    assert await scene.role(scene.alice) is Role.OWNER


async def test_one_of_two_owners_may_step_down(scene: Scene) -> None:
    await change(scene, scene.alice, "bob", "owner")

    await change(scene, scene.alice, "alice", "member")

    assert await scene.role(scene.alice) is Role.MEMBER


async def test_nobody_but_an_owner_changes_roles(scene: Scene) -> None:
    carol = await scene.moderator()

    for actor in (scene.bob, carol):
        for username in ("alice", "bob", "carol"):
            with pytest.raises(PermissionDenied):
                await change(scene, actor, username, "owner")
    with pytest.raises(NotAMember):
        await change(scene, scene.mallory, "mallory", "owner")

    assert scene.kit.events == []


async def test_the_owner_of_the_site_counts_as_owner_where_they_are_a_member(
    scene: Scene,
) -> None:
    await scene.chat.join_room(scene.zoe, room_id=scene.garden)

    await change(scene, scene.zoe, "bob", "moderator")

    assert await scene.role(scene.bob) is Role.MODERATOR
    assert await scene.role(scene.zoe) is Role.MEMBER


@pytest.mark.parametrize("role", ["", "king", "OWNER"])
async def test_another_role_there_is_not(scene: Scene, role: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        await change(scene, scene.alice, "bob", role)

    assert refusal.value.field == "role"


@pytest.mark.parametrize("name", ["mallory", "nobody"])
async def test_only_members_have_roles(scene: Scene, name: str) -> None:
    with pytest.raises(UserNotFound):
        await change(scene, scene.alice, name, "moderator")
