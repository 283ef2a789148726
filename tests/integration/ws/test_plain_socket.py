"""`/ws/{room name}`: a line in, JSON out."""

import pytest

from domain.errors import StoreUnavailable
from domain.ids import RoomId
from tests.integration.ws.conftest import Serve
from tests.integration.ws.server import Person, Server
from tests.wire_client import Frame, Rejected, WireClient


async def _next(client: WireClient) -> Frame:
    """The next frame that is not about coming and going."""
    return await client.await_frame(
        lambda frame: not str(frame.get("text")).endswith((" is here", " has gone"))
    )


@pytest.fixture
async def alices(alice: Person, garden: RoomId) -> WireClient:
    client = await alice.knock("/ws/garden")
    await client.await_frame(lambda frame: frame["text"] == "alice is here")
    return client


@pytest.fixture
async def bobs(bob: Person, alices: WireClient) -> WireClient:
    client = await bob.knock("/ws/garden")
    await client.await_frame(lambda frame: frame["text"] == "bob is here")
    return client


async def test_text_goes_in_and_json_comes_out(alices: WireClient, bobs: WireClient) -> None:
    await alices.send("hello *there*")

    for client in (alices, bobs):
        said = await _next(client)
        assert said.pop("created_at").endswith("Z")
        assert said == {"user": "alice", "text": "hello *there*", "seq": 5}


async def test_it_talks_with_the_other_socket(
    alice: Person, bobs: WireClient, garden: RoomId
) -> None:
    client = await alice.client()

    await bobs.send("from the plain one")
    heard = await client.await_message("from the plain one")
    await client.ask("post", room=garden, key="k", text="from the other one")

    assert heard["author"]["username"] == "bob"
    assert (await _next(bobs))["user"] == "bob"
    assert (await _next(bobs))["text"] == "from the other one"


async def test_what_the_server_says_has_no_user(alices: WireClient, bobs: WireClient) -> None:
    await alices.send("/topic roses")

    told = await _next(bobs)

    assert (told["user"], told["text"]) == (None, "alice set the topic: roses")


async def test_a_command_tells_its_output_to_the_asker_alone(
    alices: WireClient, bobs: WireClient
) -> None:
    await alices.send("/help")
    await alices.send("done")

    output = await _next(alices)
    assert output.keys() == {"text"}
    assert "/help" in output["text"]
    assert (await _next(bobs))["text"] == "done"


@pytest.mark.parametrize("text", ["/nonsense", "/kick", "/kick nobody", " ", "x" * 8001, "\0"])
async def test_what_is_wrong_is_said(alices: WireClient, bobs: WireClient, text: str) -> None:
    await alices.send(text)
    await alices.send("still here")

    assert (await _next(alices)).keys() == {"text"}
    assert (await _next(bobs))["text"] == "still here"


async def test_a_cleared_room_is_emptied(alices: WireClient, bobs: WireClient) -> None:
    await alices.send("/clear")

    assert (await bobs.await_frame(lambda frame: "cmd" in frame)) == {"cmd": "empty"}


async def test_the_word_close_closes(alices: WireClient, bobs: WireClient) -> None:
    await alices.send(" close\n")

    assert await alices.closed() == 1000
    await bobs.send("close to the end")
    assert (await _next(bobs))["text"] == "close to the end"


async def test_it_hears_its_own_room_only(
    server: Server, alice: Person, alices: WireClient
) -> None:
    pond = await server.kit.room(alice.user, "pond")
    other = await alice.client()
    await alice.says(pond, "elsewhere")
    await other.await_message("elsewhere")
    await alices.send("here")

    assert (await _next(alices))["text"] == "here"


async def test_opening_it_joins_a_public_room(server: Server, alice: Person, bob: Person) -> None:
    pond = await server.kit.room(alice.user, "pond")
    owner = await alice.client()

    client = await bob.knock("/ws/POND")
    await owner.await_message(kind="joined", room=pond)
    await client.send("hello, pond")

    assert (await owner.await_message("hello, pond"))["author"]["username"] == "bob"


async def test_a_private_room_of_others_is_none(mallory: Person, garden: RoomId) -> None:
    for path in ("/ws/garden", "/ws/no-such-room"):
        with pytest.raises(Rejected) as rejected:
            await mallory.knock(path)
        assert rejected.value.status == 404


@pytest.mark.parametrize("name", ["%00", "a%00b", "%ED%A0%80", "%FF", "x" * 6_000, "%20"])
async def test_what_is_no_name_is_no_room(mallory: Person, garden: RoomId, name: str) -> None:
    with pytest.raises(Rejected) as rejected:
        await mallory.knock(f"/ws/{name}")

    assert rejected.value.status == 404


async def test_who_is_kicked_hears_it_and_is_closed(alices: WireClient, bobs: WireClient) -> None:
    await alices.send("/kick bob enough")
    await alices.send("he is gone")

    assert (await _next(bobs))["text"] == "alice removed bob: enough"
    assert await bobs.closed() == 1000
    assert bobs.received[-1]["text"] == "alice removed bob: enough"


async def test_an_archived_room_closes_it(
    server: Server, alice: Person, alices: WireClient, garden: RoomId
) -> None:
    await server.kit.chat.archive_room(alice.user, room_id=garden)

    assert await alices.closed() == 1000


async def test_who_leaves_is_closed(alices: WireClient, bobs: WireClient) -> None:
    await bobs.send("/leave")

    assert await bobs.closed() == 1000
    assert (await _next(alices))["text"] == "bob left the room"


async def test_binary_frames_are_not_spoken_here(alices: WireClient) -> None:
    await alices.socket.send_bytes(b"hello")

    assert await alices.closed() == 1003


async def test_who_is_removed_on_the_way_in_is_told_so(
    server: Server,
    alice: Person,
    bob: Person,
    garden: RoomId,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chat, join = server.kit.chat, server.gateway._join

    async def slow_join(*arguments: object) -> RoomId:
        room_id: RoomId = await join(*arguments)
        await chat.remove_member(alice.user, room_id=room_id, username="bob")
        return room_id

    monkeypatch.setattr(server.gateway, "_join", slow_join)

    client = await bob.knock("/ws/garden")

    assert await client.closed() == 1000
    assert [frame["text"] for frame in client.received] == ["There is no such room."]


async def test_with_the_store_away_it_says_come_back(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve() as server:
        alice = await server.person("alice")
        await server.kit.room(alice.user, "garden")

        async def fail(*arguments: object, **options: object) -> None:
            raise StoreUnavailable

        monkeypatch.setattr(type(server.kit.chat.greet), "__call__", fail)

        client = await alice.knock("/ws/garden")

        assert await client.closed() == 1013
