import pytest

from domain.ids import RoomId
from domain.user import User
from tests.integration.http.site import Visitor
from tests.kit import Kit

UNKNOWN = "00000000-0000-7000-8000-ffffffffffff"


async def test_creating_a_room(alice: Visitor) -> None:
    answer = await alice.api("POST", "/rooms", {"name": "tea", "topic": "Green or black?"})

    room = answer.json["room"]
    assert answer.status == 201
    assert answer.location == f"/api/v1/rooms/{room['id']}"
    assert room == {
        "id": room["id"],
        "name": "tea",
        "topic": "Green or black?",
        "visibility": "public",
        "role": "owner",
        "head": 1,
        "floor": 0,
        "read": 1,
        "unread": 0,
        "mentions": 0,
        "members": 1,
    }


async def test_name_of_a_room_is_taken_once(alice: Visitor, garden: RoomId) -> None:
    answer = await alice.api("POST", "/rooms", {"name": "Garden"})

    assert answer.status == 409
    assert answer.code == "room_name_taken"


async def test_directory_goes_by_name_and_in_pages(
    kit: Kit, alice: Visitor, alice_user: User
) -> None:
    for name in ("pear", "apple", "fig"):
        await kit.room(alice_user, name)

    first = (await alice.api("GET", "/rooms?limit=2")).json
    rest = (await alice.api("GET", "/rooms?limit=2&after=fig")).json

    assert [each["name"] for each in first["rooms"]] == ["apple", "fig"]
    assert first["more"] is True
    assert [each["name"] for each in rest["rooms"]] == ["pear"]
    assert rest["more"] is False


async def test_directory_hides_private_rooms_from_strangers(
    kit: Kit, bob: Visitor, mallory: Visitor, garden: RoomId
) -> None:
    seen_by_bob = (await bob.api("GET", "/rooms?query=GARD")).json["rooms"]
    seen_by_mallory = (await mallory.api("GET", "/rooms?query=GARD")).json["rooms"]

    assert [each["role"] for each in seen_by_bob] == ["member"]
    assert seen_by_mallory == []


@pytest.mark.parametrize("path", ["/rooms/{id}", "/rooms/by-name/garden", "/rooms/by-name/GARDEN"])
async def test_room_by_id_and_by_name(bob: Visitor, garden: RoomId, path: str) -> None:
    answer = await bob.api("GET", path.format(id=garden))

    assert answer.json["room"]["id"] == garden


async def test_room_may_be_called_like_a_part_of_one(kit: Kit, alice: Visitor) -> None:
    created = await alice.api("POST", "/rooms", {"name": "members"})

    found = await alice.api("GET", "/rooms/by-name/members")

    assert found.json == created.json


async def test_private_room_looks_like_none_at_all(mallory: Visitor, garden: RoomId) -> None:
    private, unknown, malformed = [
        await mallory.api("GET", f"/rooms/{each}") for each in (garden, UNKNOWN, "garden")
    ]
    by_name = await mallory.api("GET", "/rooms/by-name/garden")

    assert private.code == "room_not_found"
    assert private.text == unknown.text == malformed.text == by_name.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", ""),
        ("DELETE", ""),
        ("PUT", "/read"),
        ("GET", "/members"),
        ("PUT", "/members/mallory"),
        ("PUT", "/members/bob"),
        ("DELETE", "/members/bob"),
        ("DELETE", "/members/mallory"),
        ("GET", "/messages"),
        ("POST", "/messages"),
        ("PATCH", "/messages/1"),
        ("DELETE", "/messages/1"),
    ],
)
async def test_nothing_of_a_private_room_is_told_to_strangers(
    mallory: Visitor, garden: RoomId, method: str, path: str
) -> None:
    body = {"name": "hers", "topic": "hers", "seq": 1, "key": "k", "text": "hi"}
    sent = None if method in {"GET", "DELETE"} or "members" in path else body

    private = await mallory.api(method, f"/rooms/{garden}{path}", sent)
    unknown = await mallory.api(method, f"/rooms/{UNKNOWN}{path}", sent)

    assert private.status == 404
    assert private.text == unknown.text


async def test_owner_renames_and_sets_the_topic(alice: Visitor, garden: RoomId) -> None:
    answer = await alice.api("PATCH", f"/rooms/{garden}", {"name": "orchard", "topic": "Apples"})

    room = answer.json["room"]
    assert (answer.status, room["name"], room["topic"]) == (200, "orchard", "Apples")


async def test_what_is_left_out_stays(alice: Visitor, garden: RoomId) -> None:
    await alice.api("PATCH", f"/rooms/{garden}", {"topic": "Apples"})

    room = (await alice.api("PATCH", f"/rooms/{garden}", {})).json["room"]

    assert (room["name"], room["topic"]) == ("garden", "Apples")


async def test_bad_topic_leaves_the_name_alone_too(alice: Visitor, garden: RoomId) -> None:
    answer = await alice.api("PATCH", f"/rooms/{garden}", {"name": "orchard", "topic": "t" * 251})

    assert answer.code == "topic_invalid"
    assert (await alice.api("GET", f"/rooms/{garden}")).json["room"]["name"] == "garden"


async def test_member_may_not_rename_or_archive(bob: Visitor, garden: RoomId) -> None:
    renamed = await bob.api("PATCH", f"/rooms/{garden}", {"name": "bobs"})
    archived = await bob.api("DELETE", f"/rooms/{garden}")

    assert renamed.status == archived.status == 403
    assert renamed.code == archived.code == "permission_denied"


async def test_archived_room_is_gone(alice: Visitor, garden: RoomId) -> None:
    answer = await alice.api("DELETE", f"/rooms/{garden}")

    assert answer.status == 204
    assert (await alice.api("GET", f"/rooms/{garden}")).status == 404


async def test_read_position_moves_forward_only(
    kit: Kit, bob: Visitor, alice_user: User, garden: RoomId
) -> None:
    seq = [await kit.say(alice_user, garden, f"news for @bob {n}") for n in range(2)]

    first = await bob.api("PUT", f"/rooms/{garden}/read", {"seq": seq[0]})
    beyond = await bob.api("PUT", f"/rooms/{garden}/read", {"seq": 10**15})
    back = await bob.api("PUT", f"/rooms/{garden}/read", {"seq": 1})

    assert first.json == {"read": seq[0], "unread": 1, "mentions": 1}
    assert beyond.json == back.json == {"read": seq[1], "unread": 0, "mentions": 0}
