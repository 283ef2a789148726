"""hello: what a client learns first, and what it gets of what it missed."""

import asyncio
from typing import Any

import pytest

from adapters.markup import html
from adapters.markup.renderings import Renderings
from adapters.ws import reception
from adapters.ws.hello import verdict_fields
from application.use_cases.greet import Greet, Greeting
from domain.ids import RoomId
from tests.cast import an_id
from tests.integration.ws.conftest import Serve
from tests.integration.ws.server import Person, Server
from tests.wire_client import Frame, Refused, WireClient


async def test_hello_tells_who_and_where_one_is(alice: Person, bob: Person, garden: RoomId) -> None:
    await bob.says(garden, "look, @alice")

    client = await alice.knock()
    answer = await client.hello()

    assert answer["user"] == {
        "id": alice.user.id,
        "username": "alice",
        "display_name": "alice",
        "online": True,
    }
    assert answer["heartbeat"] == 25
    assert answer["limits"] == {"text": 8000, "name": 32, "topic": 250, "frame": 65536}
    assert answer["epoch"]
    assert answer["server_time"].endswith("Z")
    (room,) = answer["rooms"]
    assert room == {
        "id": garden,
        "name": "garden",
        "topic": "",
        "visibility": "private",
        "role": "owner",
        "head": 3,
        "floor": 0,
        "read": 1,
        "unread": 1,
        "mentions": 1,
        "members": 2,
    }


async def test_anything_before_hello_is_refused_and_harmless(alice: Person, garden: RoomId) -> None:
    client = await alice.knock()

    for verb, fields in [
        ("ping", {}),
        ("open", {"room": garden}),
        ("post", {"room": garden, "key": "1", "text": "too early"}),
        ("leave", {"room": garden}),
    ]:
        with pytest.raises(Refused) as refused:
            await client.ask(verb, **fields)
        assert refused.value.code == "hello_required"

    (room,) = (await client.hello())["rooms"]
    assert room["head"] == 2


async def test_a_second_hello_is_refused_and_the_first_one_holds(
    alice: Person, bob: Person, garden: RoomId
) -> None:
    client = await alice.client()

    with pytest.raises(Refused, match="hello_required"):
        await client.hello()

    await bob.says(garden, "still here?")
    await client.await_message("still here?")


async def test_nothing_is_pushed_before_hello(alice: Person, bob: Person, garden: RoomId) -> None:
    client = await alice.knock()

    await bob.says(garden, "before")
    await client.hello()
    await bob.says(garden, "after")
    await client.await_message("after")

    assert client.reader.texts(garden) == ["after"]
    assert client.received[0]["type"] == "ok"


async def test_who_says_no_hello_in_time_is_sent_away(serve: Serve) -> None:
    async with serve(socket={"hello_seconds": 0.05}) as server:
        alice = await server.person("alice")
        silent = await alice.knock()
        spoken = await alice.client()

        assert await silent.closed() == 4400
        assert (await spoken.ask("ping"))["type"] == "ok"


async def test_a_crowd_waits_at_the_door_and_nobody_is_sent_away_for_it(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "AT_THE_DOOR", 1)
    greet, inside, most_inside = Greet.__call__, 0, 0

    async def greet_slowly(self: Greet, *arguments: Any, **options: Any) -> Greeting:
        nonlocal inside, most_inside
        inside += 1
        most_inside = max(most_inside, inside)
        try:
            await asyncio.sleep(0.25)
            return await greet(self, *arguments, **options)
        finally:
            inside -= 1

    monkeypatch.setattr(Greet, "__call__", greet_slowly)

    async def come_in(person: Person) -> Frame:
        client = await person.knock()
        return await client.hello()

    async with serve(socket={"hello_seconds": 0.75}) as server:
        alice = await server.person("alice")

        answers = await asyncio.gather(*(come_in(alice) for _ in range(5)))

    assert [answer["type"] for answer in answers] == ["ok"] * 5
    assert most_inside == 1


class TestResume:
    @pytest.fixture
    async def epoch(self, alice: Person, garden: RoomId) -> str:
        client = await alice.knock()
        epoch: str = (await client.hello())["epoch"]
        await client.close()
        return epoch

    async def test_what_was_missed_is_replayed_in_full(
        self, alice: Person, bob: Person, garden: RoomId, epoch: str
    ) -> None:
        seqs = [await bob.says(garden, text) for text in ("one", "two", "three")]
        await bob.server.kit.chat.edit_message(
            bob.user, room_id=garden, seq=seqs[0], text="one, better"
        )
        await bob.server.kit.chat.delete_message(bob.user, room_id=garden, seq=seqs[1])

        client = await alice.client({"epoch": epoch, "rooms": {garden: 2}})
        replay = await client.await_push("replay")

        assert replay["room"] == garden
        assert [(each["seq"], each["kind"]) for each in replay["messages"]] == [
            (3, "posted"),
            (4, "posted"),
            (5, "posted"),
            (6, "edited"),
            (7, "deleted"),
        ]
        assert [each["text"] for each in replay["messages"][:3]] == ["one, better", "", "three"]
        assert replay["messages"][1]["deleted"] is True

    async def test_who_missed_nothing_is_told_so(
        self, alice: Person, garden: RoomId, epoch: str
    ) -> None:
        client = await alice.client({"epoch": epoch, "rooms": {garden: 2}})

        assert (await client.await_push("replay"))["messages"] == []

    async def test_a_reader_sees_only_their_own_keys_in_a_replay(
        self, alice: Person, bob: Person, garden: RoomId, epoch: str
    ) -> None:
        await bob.says(garden, "of bob")
        await alice.says(garden, "of alice")

        client = await alice.client({"epoch": epoch, "rooms": {garden: 2}})

        of_bob, of_alice = (await client.await_push("replay"))["messages"]
        assert "key" not in of_bob
        assert of_alice["key"]

    async def test_another_epoch_resets(self, alice: Person, garden: RoomId) -> None:
        client = await alice.client({"epoch": "another life", "rooms": {garden: 1}})

        reset = await client.await_push("reset")

        assert reset == {"type": "reset", "room": garden, "head": 2, "floor": 0}

    async def test_a_position_behind_the_end_resets(
        self, alice: Person, garden: RoomId, epoch: str
    ) -> None:
        client = await alice.client({"epoch": epoch, "rooms": {garden: 2**53 - 1}})

        assert (await client.await_push("reset"))["head"] == 2

    async def test_a_position_in_what_was_cleared_resets(
        self, alice: Person, garden: RoomId, epoch: str
    ) -> None:
        await alice.says(garden, "to be forgotten")
        await alice.server.kit.chat.clear_room(alice.user, room_id=garden)

        client = await alice.client({"epoch": epoch, "rooms": {garden: 2}})

        assert await client.await_push("reset") == {
            "type": "reset",
            "room": garden,
            "head": 4,
            "floor": 3,
        }

    async def test_who_missed_too_much_is_reset(self, serve: Serve) -> None:
        limits = {"posts_per_second": 0, "replay": 3}
        async with serve(limits=limits) as server:
            alice = await server.person("alice")
            garden = await server.kit.room(alice.user, "garden")
            epoch = server.kit.container.store().epoch
            for number in range(4):
                await alice.says(garden, str(number))

            behind = await alice.client({"epoch": epoch, "rooms": {garden: 1}})
            near = await alice.client({"epoch": epoch, "rooms": {garden: 2}})

            assert (await behind.await_push("reset"))["head"] == 5
            assert len((await near.await_push("replay"))["messages"]) == 3

    async def test_rooms_of_others_get_no_verdict(
        self, server: Server, mallory: Person, garden: RoomId, epoch: str
    ) -> None:
        client = await mallory.client({"epoch": epoch, "rooms": {garden: 1, an_id("none"): 1}})
        await client.ask("ping")

        assert [frame["type"] for frame in client.received] == ["ok", "ok"]

    async def test_what_is_no_id_is_left_out(
        self,
        server: Server,
        alice: Person,
        garden: RoomId,
        epoch: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        asked: list[str] = []
        greet = server.kit.chat.greet.__class__.__call__

        async def listening(use_case: Greet, *arguments: object, **options: Any) -> object:
            asked.extend(options["resume"].rooms)
            return await greet(use_case, *arguments, **options)

        monkeypatch.setattr(Greet, "__call__", listening)
        no_ids = ["no such room", "", "\0", "x" * 50_000, garden.upper() + "-", f"{garden}\n"]

        client = await alice.client({"epoch": epoch, "rooms": dict.fromkeys([garden, *no_ids], 1)})

        assert (await client.await_push("replay"))["room"] == garden
        assert asked == [garden]

    async def test_what_happens_while_a_replay_is_marked_up_comes_behind_it(
        self,
        server: Server,
        alice: Person,
        bob: Person,
        garden: RoomId,
        epoch: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        others = await alice.client()
        for number in range(40):
            await bob.says(garden, f"{number} " + "*a* " * 200)
        monkeypatch.setattr(html, "_renderings", Renderings(1024 * 1024))
        passes, turns = 0, list[int]()
        writing = asyncio.Event()

        async def write_meanwhile() -> None:
            await writing.wait()
            await bob.says(garden, "meanwhile")

        async def count() -> None:
            nonlocal passes
            await writing.wait()
            while True:
                await asyncio.sleep(0)
                passes += 1

        async def slowly(*arguments: Any) -> object:
            writing.set()
            before = passes
            fields = await verdict_fields(*arguments)
            turns.append(passes - before)
            return fields

        monkeypatch.setattr(reception, "verdict_fields", slowly)
        tasks = [asyncio.create_task(each()) for each in (write_meanwhile, count)]

        client = await alice.client({"epoch": epoch, "rooms": {garden: 2}})
        await client.await_message("meanwhile")

        for task in tasks:
            task.cancel()
        assert turns[0] > 5  # Others had theirs.
        assert [frame["type"] for frame in client.received][:3] == ["ok", "replay", "message"]
        assert client.reader.texts(garden)[-1] == "meanwhile"
        assert len(client.reader.texts(garden)) == 41
        assert client.reader.jumps == []
        await others.await_message("meanwhile")

    async def test_verdicts_come_behind_the_answer_and_before_what_is_new(
        self, server: Server, alice: Person, bob: Person, garden: RoomId, epoch: str
    ) -> None:
        await bob.says(garden, "missed")

        client = await alice.client({"epoch": epoch, "rooms": {garden: 2}})
        await bob.says(garden, "new")
        await client.await_message("new")

        kinds = [frame["type"] for frame in client.received]
        assert kinds[:2] == ["ok", "replay"]
        assert client.reader.texts(garden) == ["missed", "new"]
        assert client.reader.jumps == []


async def test_a_client_that_comes_back_misses_nothing(
    server: Server, alice: Person, bob: Person, garden: RoomId
) -> None:
    client: WireClient = await alice.client()
    epoch = server.kit.container.store().epoch
    await bob.says(garden, "first")
    await client.await_message("first")
    client.cut()
    await bob.says(garden, "second")

    back = await alice.client({"epoch": epoch, "rooms": {garden: client.reader.last[garden]}})
    await bob.says(garden, "third")
    await back.await_message("third")

    assert back.reader.texts(garden) == ["second", "third"]
