"""Rooms on the socket: making, finding, joining, leaving them, and being made to leave."""

import asyncio

import pytest

from domain.ids import RoomId
from tests.integration.ws.conftest import Serve
from tests.integration.ws.server import Person, Server, eventually
from tests.wire_client import Refused, WireClient


@pytest.fixture
async def alices(alice: Person, garden: RoomId) -> WireClient:
    return await alice.client()


@pytest.fixture
async def bobs(bob: Person, garden: RoomId) -> WireClient:
    return await bob.client()


async def test_who_makes_a_room_owns_it_on_all_devices(alice: Person, alices: WireClient) -> None:
    other = await alice.client()

    made = await alices.ask("create_room", name="pond", topic="frogs", visibility="public")
    shown = await other.await_push("room", lambda push: push["room"]["name"] == "pond")

    assert made["room"]["role"] == "owner"
    assert shown["room"] == made["room"]


async def test_a_room_name_is_taken_once(alices: WireClient) -> None:
    with pytest.raises(Refused) as refused:
        await alices.ask("create_room", name="Garden")

    assert (refused.value.code, refused.value.field) == ("room_name_taken", "name")


async def test_the_directory_lists_public_rooms_page_by_page(
    alices: WireClient, mallory: Person
) -> None:
    for name in ("pond", "shed", "well"):
        await alices.ask("create_room", name=name)
    client = await mallory.client()

    first = await client.ask("rooms", limit=2)
    second = await client.ask("rooms", limit=2, after="shed")
    found = await client.ask("rooms", query="EL")

    assert ([room["name"] for room in first["rooms"]], first["more"]) == (["pond", "shed"], True)
    assert ([room["name"] for room in second["rooms"]], second["more"]) == (["well"], False)
    assert [room["name"] for room in found["rooms"]] == ["well"]
    assert found["rooms"][0]["role"] is None


async def test_joining_shows_the_room_on_all_devices_and_lets_it_be_heard(
    alice: Person, alices: WireClient, bob: Person, bobs: WireClient
) -> None:
    other = await bob.client()
    pond = (await alices.ask("create_room", name="pond"))["room"]["id"]

    joined = await bobs.ask("join", name="pond")
    pushed = await other.await_push("room", lambda push: push["room"]["id"] == pond)
    await alices.await_message(kind="joined", room=pond)
    seq = await alice.says(pond, "welcome")

    assert joined["room"]["role"] == pushed["room"]["role"] == "member"
    for client in (bobs, other):
        assert (await client.await_message("welcome"))["seq"] == seq


async def test_joining_twice_at_once_is_joining_once(
    alices: WireClient, bob: Person, bobs: WireClient
) -> None:
    pond = (await alices.ask("create_room", name="pond"))["room"]["id"]
    other = await bob.client()

    answers = await asyncio.gather(
        *(client.ask("join", room=pond) for client in (bobs, other) for _ in range(5))
    )
    await bobs.ask("post", room=pond, key="k", text="here")
    await other.await_message("here")

    assert {answer["room"]["members"] for answer in answers} == {2}
    page = await bobs.ask("page", room=pond)
    assert [each["kind"] for each in page["messages"]] == ["joined", "joined", "posted"]
    assert bobs.reader.seqs(pond) == other.reader.seqs(pond) == [3]


async def test_who_is_invited_sees_the_room_at_once(
    alices: WireClient, mallory: Person, garden: RoomId
) -> None:
    client = await mallory.client()

    await alices.ask("post", room=garden, key="k", text="/invite mallory")
    room = (await client.await_push("room"))["room"]
    await alices.ask("post", room=garden, key="l", text="welcome")
    message = await client.await_message("welcome")

    assert (room["id"], room["role"]) == (garden, "member")
    assert message["seq"] == room["head"] + 1


async def test_leaving_ends_what_is_heard_on_all_devices(
    alices: WireClient, bob: Person, bobs: WireClient, garden: RoomId
) -> None:
    other = await bob.client()

    left = await bobs.ask("leave", room=garden)
    await alices.ask("post", room=garden, key="k", text="alone")
    for client in (bobs, other):
        gone = await client.await_push("room_gone")
        await client.ask("ping")
        assert gone == {"type": "room_gone", "room": garden, "reason": "left"}
        assert [message["kind"] for message in client.reader.seen] == ["left"]

    assert left["room"]["role"] is None
    with pytest.raises(Refused, match="room_not_found"):
        await bobs.ask("post", room=garden, key="k", text="let me in")


async def test_a_kicked_member_hears_that_and_nothing_later(
    alices: WireClient, bob: Person, bobs: WireClient, garden: RoomId
) -> None:
    other = await bob.client()
    await bobs.ask("open", room=garden)
    ids = [
        await alices.tell("post", room=garden, key=f"k{number}", text=text)
        for number, text in enumerate(["one", "/kick bob too loud", "two", "three"])
    ]
    answers = [await alices.answer_to(each) for each in ids]

    for client in (bobs, other):
        gone = await client.await_push("room_gone")
        await client.ask("ping")
        assert gone["reason"] == "removed"
        removed = client.reader.seen[-1]
        assert (removed["kind"], removed["text"]) == ("removed", "too loud")
        assert removed["subject"]["username"] == "bob"
        assert "two" not in client.reader.texts(garden)
    assert [answer["type"] for answer in answers] == ["ok"] * 4


async def test_a_kicked_member_may_come_back_by_invitation(
    alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    for number, text in enumerate(["/kick bob", "unheard", "/invite bob", "heard"]):
        await alices.ask("post", room=garden, key=f"k{number}", text=text)

    await bobs.await_message("heard")

    assert bobs.reader.texts(garden) == ["heard"]


async def test_a_change_of_role_is_shown_to_whom_it_happens(
    alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    await alices.ask("post", room=garden, key="k", text="/promote bob")

    room = (await bobs.await_push("room"))["room"]
    told = await bobs.await_message("moderator", kind="role_changed")

    assert room["role"] == "moderator"
    assert told["subject"]["username"] == "bob"
    assert alices.pushes("room") == []


async def test_a_new_name_and_topic_travel_as_entries(
    alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    await alices.ask("post", room=garden, key="k", text="/rename orchard")
    await alices.ask("post", room=garden, key="l", text="/topic apples and pears")

    await bobs.await_message("orchard", kind="renamed")
    await bobs.await_message("apples and pears", kind="topic_changed")

    room = (await bobs.ask("open", name="orchard"))["room"]
    assert (room["id"], room["topic"]) == (garden, "apples and pears")


async def test_an_archived_room_is_gone_for_all(
    server: Server, alice: Person, alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    await server.kit.chat.archive_room(alice.user, room_id=garden)

    for client in (alices, bobs):
        gone = await client.await_push("room_gone")
        assert gone == {"type": "room_gone", "room": garden, "reason": "archived"}
        for verb, fields in (("open", {}), ("page", {}), ("post", {"key": "k", "text": "hey"})):
            with pytest.raises(Refused, match="room_not_found"):
                await client.ask(verb, room=garden, **fields)
    assert (await bobs.ask("rooms"))["rooms"] == []


async def test_the_last_owner_who_leaves_passes_the_room_on(
    alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    await alices.ask("leave", room=garden)

    room = (await bobs.await_push("room"))["room"]
    told = await bobs.await_message("owner", kind="role_changed")

    assert room["role"] == "owner"
    assert told["author"] is None
    assert bobs.reader.seqs(garden) == [3, 4]


async def test_a_direct_room_appears_for_both_and_for_nobody_else(
    alices: WireClient, bobs: WireClient, mallory: Person
) -> None:
    mallorys = await mallory.client()

    opened = (await alices.ask("direct", users=["bob"]))["room"]
    shown = (await bobs.await_push("room"))["room"]
    await alices.ask("post", room=opened["id"], key="k", text="psst")
    heard = await bobs.await_message("psst")
    same = (await bobs.ask("direct", users=["@Alice"]))["room"]

    assert opened["visibility"] == "direct"
    assert opened["name"] is None
    assert [person["username"] for person in opened["people"]] == ["bob"]
    assert [person["username"] for person in shown["people"]] == ["alice"]
    assert same["id"] == opened["id"]
    assert heard["seq"] == shown["head"] + 1
    with pytest.raises(Refused, match="room_not_found"):
        await mallorys.ask("open", room=opened["id"])
    assert mallorys.pushes("room") == []


async def test_opening_a_room_shows_it_and_tells_who_is_here(
    alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    await alices.ask("post", room=garden, key="k", text="hello")

    opened = await bobs.ask("open", room=garden, limit=2)
    arrived = await alices.await_message(kind="arrived")

    assert [(each["username"], each["role"], each["online"]) for each in opened["members"]] == [
        ("alice", "owner", True),
        ("bob", "member", True),
    ]
    assert [message["kind"] for message in opened["messages"]] == ["posted", "arrived"]
    assert opened["more_before"] is True
    assert opened["room"]["head"] == arrived["seq"]


async def test_closing_the_last_tab_of_a_room_tells_that_one_has_gone(
    bob: Person, alices: WireClient, bobs: WireClient, garden: RoomId
) -> None:
    tab = await bob.client()
    for client in (bobs, tab):
        await client.ask("open", room=garden)
    await bobs.ask("close", room=garden)
    await alices.ask("post", room=garden, key="k", text="bob is still here")

    await tab.close()
    departed = await alices.await_message(kind="departed")

    assert departed["author"]["username"] == "bob"
    kinds = [message["kind"] for message in alices.reader.seen]
    assert kinds == ["arrived", "posted", "departed"]


async def test_a_dot_tells_who_is_online(
    alices: WireClient, bob: Person, mallory: Person, garden: RoomId
) -> None:
    mallorys = await mallory.client()

    first = await bob.client()
    online = await alices.await_push("presence", lambda push: push["user"]["username"] == "bob")
    second = await bob.client()
    await first.close()
    await second.close()
    offline = await alices.await_push("presence", lambda push: not push["online"])

    assert online["online"] is online["user"]["online"] is True
    assert offline["user"]["username"] == "bob"
    assert len(alices.pushes("presence")) == 2
    assert mallorys.pushes("presence") == []


async def test_a_reload_is_silent(serve: Serve) -> None:
    async with serve(presence_grace_seconds=60) as server:
        alice, bob = await server.person("alice"), await server.person("bob")
        garden = await server.kit.room(alice.user, "garden", bob.user)
        alices, bobs = await alice.client(), await bob.client()
        await bobs.ask("open", room=garden)
        await alices.await_message(kind="arrived")

        bobs.cut()
        await eventually(lambda: not server.hub.switchboard.connections_of(bob.user.id))
        again = await bob.client()
        await again.ask("open", room=garden)
        await again.ask("post", room=garden, key="k", text="back")
        await alices.await_message("back")

        assert [message["kind"] for message in alices.reader.seen] == ["arrived", "posted"]
        assert all(push["online"] for push in alices.pushes("presence"))


@pytest.mark.parametrize("verb", ["open", "join", "leave"])
async def test_a_room_must_be_named_somehow(alices: WireClient, verb: str) -> None:
    with pytest.raises(Refused) as refused:
        await alices.ask(verb)

    assert (refused.value.code, refused.value.field) == ("room_invalid", "room")
