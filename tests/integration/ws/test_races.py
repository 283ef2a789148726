"""Many things at once, and notifications that get lost: what every reader sees stays right.

The invariants are those of docs/protocol.md: each reader applies seq by seq, all see one order,
and nobody gets what happened while they were not a member.
"""

import asyncio
import random
from collections.abc import Callable

import pytest
from dependency_injector import providers

from adapters.markup.html import steps_taken
from adapters.notifier.in_process import InProcessNotifier
from adapters.ws.hub import Hub
from application.use_cases.greet import Greet
from application.use_cases.open_room import OpenRoom
from domain.events import Event, RoomAppended
from domain.ids import RoomId
from tests.integration.ws.conftest import Serve
from tests.integration.ws.server import Person, Server, eventually
from tests.wire_client import Frame, Refused, WireClient

NO_RATES = {"posts_per_second": 0, "room_changes_per_minute": 0, "requests_per_second": 0}
ADMITTING, EXPELLING = {"joined", "invited"}, {"left", "removed"}


async def log_of(server: Server, reader: Person, room_id: RoomId) -> list[Frame]:
    """The whole log as a member reads it."""
    client = await reader.client()
    messages: list[Frame] = []
    more = True
    while more:
        after = messages[-1]["seq"] if messages else 0
        page = await client.ask("page", room=room_id, after=after, limit=200)
        messages += page["messages"]
        more = page["more_after"]
    await client.close()
    return messages


def allowed(log: list[Frame], user_id: str) -> set[int]:
    """The seqs that this person may be sent: while a member, and the entry that ends it."""
    seqs: set[int] = set()
    member = False
    for message in log:
        about_me = (message.get("subject") or message["author"] or {}).get("id") == user_id
        if member or (about_me and message["kind"] in ADMITTING | EXPELLING):
            seqs.add(message["seq"])
        if about_me and message["kind"] in ADMITTING:
            member = True
        elif about_me and message["kind"] in EXPELLING:
            member = False
    return seqs


def check(log: list[Frame], client: WireClient, user_id: str, room_id: RoomId) -> None:
    by_seq = {message["seq"]: message for message in log}
    reader = client.reader
    assert reader.jumps == []
    may = allowed(log, user_id)
    for message in reader.seen:
        if message["room"] == room_id:
            assert message["seq"] in may, message
            stored = by_seq[message["seq"]]
            for field in ("kind", "text", "author"):
                assert message[field] == stored[field]


async def test_coming_and_going_amid_many_posts(serve: Serve) -> None:
    dice = random.Random(7)
    async with serve(limits={**NO_RATES, "connections_per_user": 0}) as server:
        alice = await server.person("alice")
        garden = await server.kit.room(alice.user, "garden")
        people = [await server.person(name) for name in ("bob", "carol", "dave", "mallory")]
        talking = True

        async def talk(number: int) -> None:
            client = await alice.client()
            said = 0
            while talking:
                said += 1
                key = f"{number}-{said}"
                await client.ask("post", room=garden, key=key, text=key)
            checks.append((client, alice))

        async def come_and_go(person: Person) -> None:
            for _ in range(8):
                client = await person.client()
                await client.ask("join", room=garden)
                await client.ask("ping")
                if dice.random() < 0.5:
                    await client.ask("leave", room=garden)
                checks.append((client, person))

        checks: list[tuple[WireClient, Person]] = []
        talks = [asyncio.create_task(talk(number)) for number in range(4)]
        await asyncio.gather(*(come_and_go(person) for person in people))
        talking = False
        await asyncio.gather(*talks)

        log = await log_of(server, alice, garden)
        assert [message["seq"] for message in log] == list(range(1, len(log) + 1))
        for client, person in checks:
            check(log, client, person.user.id, garden)
        for client, person in checks:
            if person is alice:
                await client.await_seq(garden, log[-1]["seq"])
                assert client.reader.seqs(garden)[-1] == log[-1]["seq"]


async def test_kicks_and_invitations_amid_many_posts(serve: Serve) -> None:
    async with serve(limits={**NO_RATES, "connections_per_user": 0}) as server:
        alice, bob = await server.person("alice"), await server.person("bob")
        garden = await server.kit.room(alice.user, "garden", bob.user)
        posting, ruling = await alice.client(), await alice.client()
        clients: list[WireClient] = []

        async def post() -> None:
            for number in range(150):
                await posting.ask("post", room=garden, key=f"k{number}", text=str(number))

        async def rule() -> None:
            for number in range(30):
                command = ("/kick bob", "/invite bob")[number % 2]
                await ruling.ask("post", room=garden, key=f"c{number}", text=command)

        async def come_back() -> None:
            for _ in range(15):
                clients.append(await bob.client())
                with_room = await clients[-1].tell("open", room=garden)
                await clients[-1].answer_to(with_room)

        await asyncio.gather(post(), rule(), come_back())
        await alice.says(garden, "the end")
        for client in clients:
            await client.await_message("the end")

        log = await log_of(server, alice, garden)
        for client in clients:
            check(log, client, bob.user.id, garden)


async def test_who_is_kicked_while_saying_hello_hears_nothing_later(
    server: Server, alice: Person, bob: Person, garden: RoomId, monkeypatch: pytest.MonkeyPatch
) -> None:
    _when_greeted(monkeypatch, server, alice, garden, ["/kick bob", "a secret"])

    client = await bob.client()
    await alice.says(garden, "another secret")
    await client.ask("ping")

    assert (await client.await_push("room_gone"))["reason"] == "removed"
    assert "a secret" not in client.reader.texts(garden)
    assert "another secret" not in client.reader.texts(garden)
    assert server.hub.switchboard.listeners(garden) == ()


async def test_who_is_invited_while_saying_hello_misses_nothing(
    server: Server, alice: Person, mallory: Person, garden: RoomId, monkeypatch: pytest.MonkeyPatch
) -> None:
    _when_greeted(monkeypatch, server, alice, garden, ["/invite mallory", "welcome"])

    client = await mallory.client()
    await alice.says(garden, "again")
    await client.await_message("again")

    assert client.reader.texts(garden) == ["welcome", "again"]
    assert (await client.await_push("room"))["room"]["role"] == "member"


async def test_a_room_archived_during_hello_is_gone(
    server: Server, alice: Person, bob: Person, garden: RoomId, monkeypatch: pytest.MonkeyPatch
) -> None:
    greet = Greet.__call__

    async def slow(*arguments: object, **options: object) -> object:
        greeting = await greet(*arguments, **options)
        await server.kit.chat.archive_room(alice.user, room_id=garden)
        return greeting

    monkeypatch.setattr(Greet, "__call__", slow)

    client = await bob.client()

    assert (await client.await_push("room_gone"))["reason"] == "archived"
    assert server.hub.switchboard.heads() == {}


async def test_who_is_kicked_while_opening_the_room_does_not_get_it(
    server: Server, alice: Person, bob: Person, garden: RoomId, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await bob.client()
    open_room = OpenRoom.__call__

    async def slow(*arguments: object, **options: object) -> object:
        opened = await open_room(*arguments, **options)
        monkeypatch.setattr(OpenRoom, "__call__", open_room)
        await server.kit.chat.post_message(alice.user, room_id=garden, key="k", text="/kick bob")
        return opened

    monkeypatch.setattr(OpenRoom, "__call__", slow)

    with pytest.raises(Refused, match="room_not_found"):
        await client.ask("open", room=garden)

    assert (await client.await_push("room_gone"))["reason"] == "removed"
    assert garden not in client.reader.last


def _when_greeted(
    monkeypatch: pytest.MonkeyPatch, server: Server, alice: Person, garden: RoomId, said: list[str]
) -> None:
    """Let alice say this after the snapshot was read and before the hello is answered."""
    greet = Greet.__call__

    async def slow(*arguments: object, **options: object) -> object:
        greeting = await greet(*arguments, **options)
        for number, text in enumerate(said):
            await server.kit.chat.post_message(
                alice.user, room_id=garden, key=f"during {number}", text=text
            )
        return greeting

    monkeypatch.setattr(Greet, "__call__", slow)


class Faulty(InProcessNotifier):
    """Loses, repeats or turns around what it is told, as `fault` says."""

    def __init__(self) -> None:
        super().__init__()
        self.fault: Callable[[RoomAppended], bool] = lambda event: False
        self.lost = 0

    def publish(self, event: Event) -> None:
        if isinstance(event, RoomAppended) and self.fault(event):
            self.lost += 1
            return
        super().publish(event)


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> Faulty:
    from tests.integration.ws import server as module

    notifier = Faulty()
    fast_container = module.fast_container

    def container(*arguments: object, **options: object) -> object:
        made = fast_container(*arguments, **options)
        made.notifier.override(providers.Object(notifier))
        return made

    monkeypatch.setattr(module, "fast_container", container)
    return notifier


def every_third() -> Callable[[RoomAppended], bool]:
    told = 0

    def fault(event: RoomAppended) -> bool:
        nonlocal told
        told += 1
        return told % 3 == 0

    return fault


async def test_lost_notifications_lose_no_message(faulty: Faulty, serve: Serve) -> None:
    async with serve(limits=NO_RATES) as server:
        alice, bob = await server.person("alice"), await server.person("bob")
        garden = await server.kit.room(alice.user, "garden", bob.user)
        clients = [await alice.client(), await bob.client(), await bob.client()]
        faulty.fault = every_third()

        for number in range(40):
            await clients[0].ask("post", room=garden, key=str(number), text=str(number))

        for client in clients:
            await client.await_seq(garden, 42)
            assert client.reader.texts(garden) == [str(number) for number in range(40)]
            assert client.reader.jumps == []
    assert faulty.lost >= 13


async def test_a_lost_last_message_is_found_by_the_beacon(faulty: Faulty, serve: Serve) -> None:
    async with serve(limits=NO_RATES) as server:
        alice, bob = await server.person("alice"), await server.person("bob")
        garden = await server.kit.room(alice.user, "garden", bob.user)
        client = await bob.client()
        faulty.fault = lambda event: True

        await alice.says(garden, "is anybody there?")

        await client.await_message("is anybody there?")


async def test_a_lost_removal_is_a_removal(faulty: Faulty, serve: Serve) -> None:
    async with serve(limits=NO_RATES) as server:
        alice, bob = await server.person("alice"), await server.person("bob")
        garden = await server.kit.room(alice.user, "garden", bob.user)
        alices, bobs = await alice.client(), await bob.client()
        faulty.fault = lambda event: event.messages[0].kind == "removed"

        for text in ("one", "/kick bob", "two", "three"):
            await alice.server.kit.chat.post_message(
                alice.user, room_id=garden, key=text, text=text
            )
        await alices.await_message("three")

        assert (await bobs.await_push("room_gone"))["reason"] == "removed"
        await bobs.ask("ping")
        assert bobs.reader.texts(garden) == ["one"]
    assert faulty.lost == 1


async def test_a_removal_lost_during_hello_is_a_removal(
    faulty: Faulty, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(limits=NO_RATES) as server:
        alice, bob = await server.person("alice"), await server.person("bob")
        garden = await server.kit.room(alice.user, "garden", bob.user)
        alices = await alice.client()
        faulty.fault = lambda event: event.messages[0].kind == "removed"
        greet = Greet.__call__

        async def slow(*arguments: object, **options: object) -> object:
            greeting = await greet(*arguments, **options)
            for text in ("/kick bob", "a secret"):
                await server.kit.chat.post_message(alice.user, room_id=garden, key=text, text=text)
            if healed_meanwhile:
                await alices.await_message("a secret")
            return greeting

        monkeypatch.setattr(Greet, "__call__", slow)

        for healed_meanwhile in (False, True):  # noqa: B007  # `slow` looks at it.
            bobs = await bob.client()
            await alice.says(garden, "another secret")
            await alices.await_message("another secret")
            assert (await bobs.await_push("room_gone"))["reason"] == "removed"
            await bobs.ask("ping")

            assert bobs.reader.texts(garden) == []
            await server.kit.chat.clear_room(alice.user, room_id=garden)
            await server.kit.chat.invite_member(alice.user, room_id=garden, username="bob")


async def test_a_lost_joining_is_found(faulty: Faulty, serve: Serve) -> None:
    async with serve(limits=NO_RATES) as server:
        alice, bob = await server.person("alice"), await server.person("bob")
        garden = await server.kit.room(alice.user, "garden")
        alices, bobs = await alice.client(), await bob.client()
        faulty.fault = lambda event: event.messages[0].kind == "joined"

        await bobs.ask("join", room=garden)
        for text in ("one", "two", "three"):
            await alices.ask("post", room=garden, key=text, text=text)
        await bobs.await_message("three")

        assert bobs.reader.texts(garden) == ["one", "two", "three"]
        assert bobs.reader.jumps == []


async def test_repeated_and_late_notifications_change_nothing(faulty: Faulty, serve: Serve) -> None:
    async with serve(limits=NO_RATES) as server:
        alice, bob = await server.person("alice"), await server.person("bob")
        garden = await server.kit.room(alice.user, "garden", bob.user)
        client = await bob.client()
        told: list[RoomAppended] = []
        faulty.fault = lambda event: bool(told.append(event)) or True

        for number in range(10):
            await alice.says(garden, str(number))
        faulty.fault = lambda event: False
        for event in [*reversed(told), *told, *told[::2]]:
            faulty.publish(event)
        await client.await_message("9")
        await alice.says(garden, "end")
        await client.await_message("end")

        assert client.reader.texts(garden) == [*map(str, range(10)), "end"]
        assert [each["seq"] for each in client.reader.seen] == list(range(3, 14))


async def test_a_batch_with_a_joining_in_it_is_heard_from_there_on(
    faulty: Faulty, serve: Serve
) -> None:
    """As a hole in the log is filled: several entries at once, somebody's joining among them."""
    async with serve(limits=NO_RATES) as server:
        alice, bob = await server.person("alice"), await server.person("bob")
        garden = await server.kit.room(alice.user, "garden")
        pond = await server.kit.room(alice.user, "pond")
        alices, bobs = await alice.client(), await bob.client()
        for room, heard in ((garden, True), (pond, False)):
            if not heard:
                await alices.ask("leave", room=pond)
            faulty.fault = lambda event: True
            await bobs.ask("join", room=room)
            for text in ("one", "two"):
                await bob.says(room, text)
            faulty.fault = lambda event: False
            await bob.says(room, "three")
            await bobs.await_message("three", room=room) if heard else None
            if heard:
                assert bobs.reader.texts(room) == ["one", "two", "three"]


async def test_two_sockets_of_one_person_see_the_same(
    server: Server, alice: Person, bob: Person, garden: RoomId
) -> None:
    first, second = await alice.client(), await alice.client()

    ids = []
    for number in range(20):
        for client in (first, second):
            key = f"{number} {id(client)}"
            ids.append((client, await client.tell("post", room=garden, key=key, text=key)))
    for client, request_id in ids:
        await client.answer_to(request_id)
    for client in (first, second):
        await client.await_seq(garden, 42)

    assert first.reader.applied == second.reader.applied
    assert first.reader.seqs(garden) == list(range(3, 43))


class TestNothingIsLeft:
    """I10: when everybody has gone, it is as if nobody had been there."""

    async def test_after_many_comings_and_goings(self, serve: Serve) -> None:
        limits = {**NO_RATES, "connections_per_user": 0}
        async with serve(limits=limits, presence_grace_seconds=0) as server:
            alice, bob = await server.person("alice"), await server.person("bob")
            garden = await server.kit.room(alice.user, "garden", bob.user)
            await (await alice.client()).ask("open", room=garden)
            await server.close_clients()
            await eventually(lambda: _is_empty(server))
            tasks = len(asyncio.all_tasks())

            for number in range(60):
                client = await (alice if number % 2 else bob).client()
                await client.ask("open", room=garden)
                await client.tell("post", room=garden, key=str(number), text="x")
                if number % 3 == 0:
                    client.cut()
                elif number % 3 == 1:
                    await client.ask("close", room=garden)
            await (await alice.knock()).send("nonsense")
            await (await alice.knock("/ws/garden")).send("plain")
            await server.close_clients()

            await eventually(lambda: _is_empty(server))
            await eventually(lambda: len(asyncio.all_tasks()) <= tasks)
            board = server.kit.container.board()
            assert await board.online([alice.user.id, bob.user.id]) == frozenset()

    async def test_after_a_room_is_opened_and_closed_without_end(self, serve: Serve) -> None:
        async with serve(presence_grace_seconds=0, limits=NO_RATES) as server:
            alice = await server.person("alice")
            rooms = [await server.kit.room(alice.user, f"room{number}") for number in range(10)]
            client = await alice.client()
            tasks = len(asyncio.all_tasks())

            for number in range(200):
                await client.ask("open", room=rooms[number % 10])
                await client.ask("close", room=rooms[number % 10])

            await eventually(lambda: len(asyncio.all_tasks()) <= tasks)
            (connection,) = server.hub.switchboard.connections_of(alice.user.id)
            assert len(connection.rooms) == 10
            board = server.kit.container.board()
            assert await board.rooms_of(alice.user.id, connection.id) == frozenset()

    async def test_after_those_who_were_refused(self, serve: Serve) -> None:
        async with serve(limits={**NO_RATES, "connections_per_user": 1}) as server:
            alice = await server.person("alice")
            await alice.client()
            for _ in range(20):
                assert await (await alice.knock()).closed() == 4009
            await server.close_clients()

            await eventually(lambda: _is_empty(server))


def _is_empty(server: Server) -> bool:
    hub, gateway = server.hub, server.gateway
    return not (
        not hub.switchboard.is_empty()
        or hub._greeting
        or hub._tasks
        or hub._healing._tasks
        or hub._healing._more
        or gateway._open
        or server.kit.container.grace()._waiting
        or server.kit.container.writer()._queues
    )


async def test_a_burst_of_costly_posts_is_told_in_order_and_in_turns(
    server: Server, alice: Person, bob: Person, garden: RoomId, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = [0]

    def told(hub: Hub, event: Event) -> None:
        before = steps_taken()
        tell(hub, event)
        most[0] = max(most[0], steps_taken() - before)

    tell = Hub._told
    monkeypatch.setattr(Hub, "_told", told)
    client, bobs = await alice.client(), await bob.client()
    costly = [f"{number} " + "*a* " * 220 for number in range(30)]
    plain = [f"plain {number}" for number in range(30)]

    await asyncio.gather(*(alice.says(garden, text) for text in costly))
    await asyncio.gather(*(bob.says(garden, text) for text in plain))

    log = await log_of(server, alice, garden)
    for reader, person in ((client, alice), (bobs, bob)):
        await reader.await_seq(garden, log[-1]["seq"])
        check(log, reader, person.user.id, garden)
        assert set(reader.reader.texts(garden)) == {*costly, *plain}
    assert most[0] == 0  # What is told was marked up before.
