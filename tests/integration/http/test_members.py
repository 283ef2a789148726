import pytest

from domain.ids import RoomId
from domain.user import User
from tests.integration.http.site import Visitor
from tests.kit import Kit


@pytest.fixture
async def square(kit: Kit, alice_user: User, bob_user: User) -> RoomId:
    """A public room: alice owns it, bob is in it."""
    return await kit.room(alice_user, "square", bob_user)


async def names(visitor: Visitor, room: RoomId) -> dict[str, str]:
    members = (await visitor.api("GET", f"/rooms/{room}/members")).json["members"]
    return {each["username"]: each["role"] for each in members}


async def test_members_see_who_else_is_in_the_room(bob: Visitor, garden: RoomId) -> None:
    answer = await bob.api("GET", f"/rooms/{garden}/members")

    alice, _ = answer.json["members"]
    assert set(alice) == {"id", "username", "display_name", "online", "role"}
    assert await names(bob, garden) == {"alice": "owner", "bob": "member"}


async def test_strangers_of_a_public_room_are_told_to_join(
    mallory: Visitor, square: RoomId
) -> None:
    answer = await mallory.api("GET", f"/rooms/{square}/members")

    assert answer.status == 403
    assert answer.code == "not_a_member"


@pytest.mark.parametrize("body", [None, {}])
async def test_putting_oneself_joins_a_public_room(
    mallory: Visitor, square: RoomId, body: object
) -> None:
    answer = await mallory.api("PUT", f"/rooms/{square}/members/MALLORY", body)

    assert answer.status == 200
    assert answer.json["room"]["role"] == "member"
    assert "mallory" in await names(mallory, square)


async def test_joining_again_changes_nothing(bob: Visitor, square: RoomId) -> None:
    before = (await bob.api("GET", f"/rooms/{square}")).json

    answer = await bob.api("PUT", f"/rooms/{square}/members/bob")

    assert answer.json == before


async def test_putting_somebody_else_invites_them(
    bob: Visitor, mallory_user: User, garden: RoomId
) -> None:
    answer = await bob.api("PUT", f"/rooms/{garden}/members/mallory")

    assert answer.status == 201
    assert answer.json["member"]["role"] == "member"
    assert "mallory" in await names(bob, garden)


async def test_inviting_a_member_is_a_conflict(alice: Visitor, garden: RoomId) -> None:
    answer = await alice.api("PUT", f"/rooms/{garden}/members/bob")

    assert answer.status == 409
    assert answer.code == "already_a_member"


async def test_owner_changes_a_role(alice: Visitor, garden: RoomId) -> None:
    answer = await alice.api("PUT", f"/rooms/{garden}/members/bob", {"role": "moderator"})

    assert answer.json["member"]["role"] == "moderator"
    assert (await names(alice, garden))["bob"] == "moderator"


@pytest.mark.parametrize(
    ("username", "role", "status", "code"),
    [
        ("bob", "emperor", 422, "role_invalid"),
        ("nobody", "member", 404, "user_not_found"),
        ("alice", "member", 409, "last_owner"),
    ],
)
async def test_roles_that_cannot_be_given(
    alice: Visitor, garden: RoomId, username: str, role: str, status: int, code: str
) -> None:
    answer = await alice.api("PUT", f"/rooms/{garden}/members/{username}", {"role": role})

    assert (answer.status, answer.code) == (status, code)


async def test_nobody_promotes_themselves(bob: Visitor, garden: RoomId) -> None:
    answer = await bob.api("PUT", f"/rooms/{garden}/members/bob", {"role": "owner"})

    assert answer.status == 403
    assert answer.code == "permission_denied"


async def test_deleting_oneself_leaves(bob: Visitor, alice: Visitor, garden: RoomId) -> None:
    answer = await bob.api("DELETE", f"/rooms/{garden}/members/bob")

    assert answer.status == 204
    assert "bob" not in await names(alice, garden)


async def test_owner_removes_a_member_and_says_why(alice: Visitor, garden: RoomId) -> None:
    answer = await alice.api("DELETE", f"/rooms/{garden}/members/bob?reason=too%20loud")

    page = (await alice.api("GET", f"/rooms/{garden}/messages")).json["messages"]
    assert answer.status == 204
    assert (page[-1]["kind"], page[-1]["text"]) == ("removed", "too loud")


async def test_member_removes_nobody(bob: Visitor, garden: RoomId) -> None:
    answer = await bob.api("DELETE", f"/rooms/{garden}/members/alice")

    assert answer.status == 403
    assert answer.code == "permission_denied"
