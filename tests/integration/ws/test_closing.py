"""How sockets end, and with which code."""

import asyncio
import contextlib
import json
import time

import aiohttp
import pytest

from adapters.ws import gateway, pace, session_watch
from domain.errors import StoreUnavailable
from domain.ids import RoomId
from tests.integration.ws.conftest import Serve
from tests.integration.ws.raw_socket import BINARY, PING, TEXT, RawSocket
from tests.integration.ws.server import Person, Server, eventually, longest_hold, memory_only
from tests.kit import PASSWORD
from tests.wire_client import Rejected, WireClient

NO_RATES = {"posts_per_second": 0, "room_changes_per_minute": 0, "requests_per_second": 0}
HELLO = b'{"id": 1, "type": "hello"}'


async def test_signing_out_ends_the_sockets_of_that_session_alone(
    server: Server, alice: Person, garden: RoomId
) -> None:
    here, there = await alice.client(), await alice.client()
    plain = await alice.knock("/ws/garden")
    signed_in = await server.kit.chat.open_session(alice.user)
    elsewhere = await server.connect(signed_in.secret)
    await elsewhere.hello()
    session = (await server.kit.chat.authenticate(alice.secret)).session

    await server.kit.chat.end_sessions(alice.user, session_id=session.id)

    for client in (here, there, plain):
        assert await client.closed(within=1) == 4001
    assert await elsewhere.ask("ping")


async def test_a_new_password_ends_all_other_sessions(
    server: Server, alice: Person, garden: RoomId
) -> None:
    old = await alice.client()
    signed_in = await server.kit.chat.open_session(alice.user)
    kept = await server.connect(signed_in.secret)

    await server.kit.chat.change_password(
        alice.user,
        current=PASSWORD,
        new="a pavilion with a garden",
        session_id=signed_in.session.id,
    )

    assert await old.closed(within=1) == 4001
    await kept.hello()
    with pytest.raises(Rejected) as rejected:
        await alice.knock()
    assert rejected.value.status == 401


async def test_a_socket_that_has_not_said_hello_is_signed_out_too(
    server: Server, alice: Person
) -> None:
    silent = await alice.knock()
    await eventually(lambda: server.hub.switchboard.connections_of(alice.user.id))

    await server.kit.chat.end_sessions.all_but(alice.user, kept="none")

    assert await silent.closed(within=1) == 4001


async def test_a_session_that_ends_during_the_handshake_gets_no_socket(
    server: Server, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signing out must not miss who is just coming in."""
    admit = server.gateway._admit

    async def slow_admit(*arguments: object) -> object:
        admitted = await admit(*arguments)
        await server.kit.chat.end_sessions.all_but(alice.user, kept="none")
        return admitted

    monkeypatch.setattr(server.gateway, "_admit", slow_admit)

    client = await alice.knock()

    assert await client.closed(within=1) == 4001


async def test_sockets_end_with_their_session_though_nobody_says_so(
    server: Server, alice: Person, garden: RoomId
) -> None:
    """It expired, or the word of its end got lost."""
    here, plain = await alice.client(), await alice.knock("/ws/garden")
    signed_in = await server.kit.chat.open_session(alice.user)
    elsewhere = await server.connect(signed_in.secret)
    await elsewhere.hello()
    session = (await server.kit.chat.authenticate(alice.secret)).session
    await server.kit.container.sessions().end(alice.user.id, [session.id])

    await server.gateway._watch.look()

    for client in (here, plain):
        assert await client.closed(within=1) == 4001
    assert await elsewhere.ask("ping")


async def test_sessions_are_looked_at_again_and_again(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(session_watch, "PAUSE", 0.01)
    monkeypatch.setattr(session_watch, "INTERVAL", 0.0)
    async with serve() as server:
        alice = await server.person("alice")
        client = await alice.client()
        sessions = server.kit.container.sessions()
        list_by_id, failures = sessions.list_by_id, [StoreUnavailable(), ValueError()]

        async def fail_first(session_ids: object) -> object:
            if failures:
                raise failures.pop()
            return await list_by_id(session_ids)

        monkeypatch.setattr(sessions, "list_by_id", fail_first)
        await eventually(lambda: not failures)
        await client.ask("ping")
        (session,) = await sessions.list_of(alice.user.id)
        await sessions.forget_over(expired=session.expires_at, idle=session.created_at)

        assert await client.closed() == 4001
    assert "cannot be looked at" in caplog.text


async def test_binary_frames_are_not_spoken_here(alice: Person) -> None:
    client = await alice.client()

    await client.socket.send_bytes(b'{"id": 1, "type": "ping"}')

    assert await client.closed() == 1003


async def test_an_oversized_frame_ends_the_socket(alice: Person) -> None:
    client, other = await alice.client(), await alice.client()
    fits = json.dumps({"id": 1, "type": "ping", "x": ""})
    fits = fits[:-2] + "x" * (64 * 1024 - len(fits)) + fits[-2:]

    await client.send(fits)
    assert (await client.answer_to(1))["type"] == "ok"
    await client.send(fits + " ")

    assert await client.closed() == 1009
    await other.ask("ping")


@memory_only
class TestRawFrames:
    async def _closed_after(self, alice: Person, *frames: tuple[int, bytes, bool]) -> int | None:
        raw = await RawSocket.connect(alice.server.port, alice.secret)
        for opcode, payload, final in frames:
            raw.send(opcode, payload, final=final)
        code = await raw.closed()
        await raw.close()
        return code

    async def test_a_declared_length_beyond_all_bounds_is_not_awaited(self, alice: Person) -> None:
        raw = await RawSocket.connect(alice.server.port, alice.secret)

        raw.send_head(TEXT, 2**62)

        assert await raw.closed() == 1009
        await raw.close()

    async def test_fragments_count_together(self, alice: Person) -> None:
        piece = (0, b"x" * 30_000, False)

        assert await self._closed_after(alice, (TEXT, b"x", False), piece, piece, piece) == 1009

    async def test_broken_utf8_is_no_text(self, alice: Person) -> None:
        assert await self._closed_after(alice, (TEXT, b"\xff\xfe", True)) == 1007

    async def test_unknown_opcodes_are_errors(self, alice: Person) -> None:
        assert await self._closed_after(alice, (3, b"", True)) == 1002

    async def test_long_pings_are_errors(self, alice: Person) -> None:
        assert await self._closed_after(alice, (PING, b"x" * 126, True)) == 1002

    async def test_a_continuation_of_nothing_is_an_error(self, alice: Person) -> None:
        assert await self._closed_after(alice, (0, b"x", True)) == 1002

    async def test_frames_without_a_mask_are_errors(self, alice: Person) -> None:
        raw = await RawSocket.connect(alice.server.port, alice.secret)

        raw.send(TEXT, HELLO)
        raw.send(TEXT, b'{"id": 2, "type": "ping"}', masked=False)

        assert json.loads((await raw.receive())[1])["id"] == 1
        assert await raw.closed() == 1002
        await raw.gone(within=1)
        await raw.close()

    async def test_a_hundred_thousand_empty_fragments_hold_nobody_up(self, alice: Person) -> None:
        raw = await RawSocket.connect(alice.server.port, alice.secret)
        other = await alice.client()

        async with longest_hold() as holds:
            raw.send(TEXT, b"", final=False)
            for _ in range(50):
                raw.writer.write(bytes([0, 0x80, 0, 0, 0, 0]) * 2_000)
                await other.ask("ping")
            raw.send(0, HELLO)
            _, answer = await raw.receive()

        assert json.loads(answer)["type"] == "ok"
        assert holds[0] < 0.25
        await raw.close()

    async def test_frames_in_pieces_are_put_together(self, alice: Person) -> None:
        raw = await RawSocket.connect(alice.server.port, alice.secret)

        raw.send(TEXT, HELLO[:7], final=False)
        raw.send(PING, b"between")
        raw.send(0, HELLO[7:])

        assert await raw.receive() == (10, b"between")
        assert json.loads((await raw.receive())[1])["type"] == "ok"
        await raw.close()

    async def test_binary_is_refused_with_its_code(self, alice: Person) -> None:
        assert await self._closed_after(alice, (BINARY, b"", True)) == 1003


async def test_nonsense_without_end_ends_the_socket(alice: Person) -> None:
    client, other = await alice.client(), await alice.client()

    for _ in range(30):
        await client.send("what?")

    assert await client.closed() == 4400
    assert len([frame for frame in client.received if frame["type"] == "error"]) == 10
    await other.ask("ping")


async def test_now_and_then_some_nonsense_is_forgiven(alice: Person) -> None:
    client = await alice.client()

    for _ in range(5):
        for _ in range(9):
            await client.send("what?")
        await client.ask("ping")


async def test_who_floods_and_does_not_stop_is_sent_away(serve: Serve) -> None:
    limits = {**NO_RATES, "posts_per_second": 0.001, "post_burst": 1}
    async with serve(limits=limits) as server:
        alice, bob = await server.person("alice"), await server.person("bob")
        garden = await server.kit.room(alice.user, "garden", bob.user)
        client, bobs = await alice.client(), await bob.client()

        for number in range(600):
            await client.tell("post", room=garden, key=str(number), text="flood")
        code = await client.closed()

        assert code == 4029
        refusals = [frame for frame in client.received if frame["type"] == "error"]
        assert {frame["code"] for frame in refusals} == {"rate_limited"}
        assert all(frame["retry_after"] > 0 for frame in refusals)
        assert bobs.reader.texts(garden) == ["flood"]
        await bobs.ask("ping")


async def test_who_floods_a_plain_socket_is_sent_away(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "PATIENCE", 20)
    async with serve(socket={"requests_per_second": 1.0}) as server:
        alice = await server.person("alice")
        garden = await server.kit.room(alice.user, "garden")
        client, other = await alice.knock("/ws/garden"), await alice.client()

        for number in range(60):
            await client.send(str(number))

        assert await client.closed() == 4029
        refusals = [frame for frame in client.received if frame.keys() == {"text"}]
        assert len(refusals) == 21
        await other.ask("ping")
        page = await other.ask("page", room=garden, limit=200)
        texts = [each["text"] for each in page["messages"] if each["kind"] == "posted"]
        assert texts == ["0", "1", "2", "3"]


async def test_a_reader_who_never_reads_is_too_slow_and_resumes_without_loss(serve: Serve) -> None:
    limits = {**NO_RATES, "outbox_bytes": 65_536}
    async with serve(limits=limits) as server:
        alice, bob = await server.person("alice"), await server.person("bob")
        garden = await server.kit.room(alice.user, "garden", bob.user)
        epoch = server.kit.container.store().epoch
        reading, writing = await alice.client(), await alice.client()
        raw = await RawSocket.connect(server.port, bob.secret, receive_buffer=4096)
        raw.send(TEXT, HELLO)
        await raw.receive()
        raw.writer.transport.pause_reading()

        (connection,) = server.hub.switchboard.connections_of(bob.user.id)
        posted = 0
        while not connection.outbox._closed:
            posted += 1
            assert posted < 2_000
            await writing.ask("post", room=garden, key=str(posted), text="x" * 8_000)
        await reading.await_seq(garden, posted + 2)
        back = await bob.client({"epoch": epoch, "rooms": {garden: 2}})
        await raw.close()

        assert reading.reader.jumps == []
        assert reading.reader.seqs(garden) == list(range(3, posted + 3))
        if posted <= 500:
            replay = await back.await_push("replay")
            assert [each["seq"] for each in replay["messages"]] == list(range(3, posted + 3))
        else:
            assert (await back.await_push("reset"))["head"] == posted + 2


async def test_a_large_answer_makes_nobody_slow(serve: Serve) -> None:
    """What somebody asked for may be larger than what they may be behind."""
    limits = {**NO_RATES, "outbox_bytes": 65_536}
    async with serve(limits=limits) as server:
        alice = await server.person("alice")
        garden = await server.kit.room(alice.user, "garden")
        epoch = server.kit.container.store().epoch
        for number in range(200):
            await alice.says(garden, f"{number} *b*" + "я" * 7_000)

        client = await alice.client({"epoch": epoch, "rooms": {garden: 1}})
        replay = await client.await_push("replay")
        page = await client.ask("page", room=garden, limit=200)
        opened = await client.ask("open", room=garden, limit=200)

        for got in (replay, page, opened):
            assert len(got["messages"]) >= 200


async def test_pages_are_not_piled_up_for_who_does_not_read(serve: Serve) -> None:
    """A few small frames ask for much; the next page waits until the one before is taken."""
    limits = {**NO_RATES, "outbox_bytes": 65_536}
    async with serve(limits=limits) as server:
        alice = await server.person("alice")
        garden = await server.kit.room(alice.user, "garden")
        for number in range(100):
            await alice.says(garden, f"{number} " + "я" * 7_000)
        raw = await RawSocket.connect(server.port, alice.secret)
        raw.send(TEXT, HELLO)
        await raw.receive()
        (connection,) = server.hub.switchboard.connections_of(alice.user.id)
        other = await alice.client()

        page = {"type": "page", "room": garden, "limit": 100}
        for number in range(20):
            raw.send(TEXT, json.dumps({"id": number, **page}).encode())
        await eventually(lambda: connection.outbox.is_behind)
        await other.ask("page", room=garden, limit=100)

        one_page = 100 * 15_000
        assert connection.outbox._transport.get_write_buffer_size() < 2 * one_page
        await raw.close()


async def test_a_peer_that_answers_no_ping_is_gone(serve: Serve) -> None:
    heartbeat = 0.4
    async with serve(heartbeat_seconds=heartbeat) as server:
        alice = await server.person("alice")
        raw = await RawSocket.connect(server.port, alice.secret)
        raw.send(TEXT, HELLO)
        await raw.receive()
        alive = await alice.client()
        started = time.monotonic()

        await raw.gone(within=1.5 * heartbeat + 0.5)

        assert time.monotonic() - started >= heartbeat
        await eventually(lambda: len(server.hub.switchboard.connections_of(alice.user.id)) == 1)
        await alive.ask("ping")
        await raw.close()


async def test_a_dead_line_with_unread_frames_is_cut_for_good(serve: Serve) -> None:
    """Nobody will ever read what waits for it: it must not wait for ever."""
    limits = {**NO_RATES, "outbox_bytes": 2**30}
    async with serve(heartbeat_seconds=0.5, limits=limits) as server:
        bob = await server.person("bob")
        raw = await RawSocket.connect(server.port, bob.secret, receive_buffer=4096)
        raw.send(TEXT, HELLO)
        await raw.receive()
        raw.writer.transport.pause_reading()
        (connection,) = server.hub.switchboard.connections_of(bob.user.id)
        transport = connection.outbox._transport
        connection.push("junk", junk="x" * 20_000_000)
        await eventually(transport.get_write_buffer_size)

        await eventually(lambda: not server.hub.switchboard.connections_of(bob.user.id))
        await eventually(lambda: not transport.get_write_buffer_size())

        await raw.close()


class TestRestart:
    async def test_everybody_is_told_to_come_back(self, serve: Serve) -> None:
        async with serve() as server:
            alice = await server.person("alice")
            await server.kit.room(alice.user, "garden")
            clients = [await alice.client(), await alice.knock(), await alice.knock("/ws/garden")]

            await server.gateway.close()

            assert [await client.closed() for client in clients] == [1012, 1012, 1012]
            with pytest.raises(Rejected) as rejected:
                await alice.knock()
            assert rejected.value.status == 503

    async def test_everybody_is_told_when_to_come_back(
        self, serve: Serve, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(gateway, "RETURNS_PER_SECOND", 2)
        async with serve() as server:
            alice = await server.person("alice")
            clients = [await alice.client() for _ in range(5)]

            await server.gateway.close()

            for client in clients:
                assert await client.closed() == 1012
                assert client.received[-1] == {"type": "going_away", "retry_within": 3}

    @memory_only
    async def test_the_spread_has_its_bounds(
        self, serve: Serve, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for rate, seconds in ((400, 1), (0.001, 8)):
            monkeypatch.setattr(gateway, "RETURNS_PER_SECOND", rate)
            async with serve() as server:
                alice = await server.person(f"alice{seconds}")
                client = await alice.client()
                await server.gateway.close()
                assert (await client.await_push("going_away"))["retry_within"] == seconds

    async def test_a_line_on_a_plain_socket_is_done_first(
        self, serve: Serve, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with serve() as server:
            alice = await server.person("alice")
            garden = await server.kit.room(alice.user, "garden")
            client = await alice.knock("/ws/garden")
            begun, goes_on = asyncio.Event(), asyncio.Event()
            posting = type(server.kit.chat.post_message).__call__

            async def slow(*arguments: object, **options: object) -> object:
                begun.set()
                await goes_on.wait()
                return await posting(*arguments, **options)

            monkeypatch.setattr(type(server.kit.chat.post_message), "__call__", slow)
            await client.send("said at the last moment")
            await begun.wait()

            (conversation,) = server.gateway._open.values()
            closing = asyncio.create_task(server.gateway.close())
            await eventually(lambda: conversation._settling)
            goes_on.set()
            await closing

            assert await client.closed() == 1012
            page = await server.kit.chat.page_messages(alice.user, room_id=garden)
            assert page.messages[-1].text == "said at the last moment"
            assert any(frame.get("text") == page.messages[-1].text for frame in client.received)

    async def test_a_store_that_hangs_cannot_hold_it_up(
        self, serve: Serve, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with serve(limits=NO_RATES) as server:
            alice = await server.person("alice")
            client = await alice.client()
            hanging = asyncio.Event()

            async def hang(*_: object, **__: object) -> None:
                hanging.set()
                await released.wait()

            released = asyncio.Event()
            monkeypatch.setattr(type(server.kit.chat.list_rooms), "__call__", hang)
            await client.tell("rooms")
            await hanging.wait()

            async with asyncio.timeout(4):
                await server.gateway.close(within=0.2)

            assert await client.closed() == 1012
            released.set()

    async def test_a_request_over_http_is_answered_first(
        self, serve: Serve, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with contextlib.AsyncExitStack() as stack:
            server = await stack.enter_async_context(serve())
            alice = await server.person("alice")
            list_rooms, begun, goes_on = (
                server.kit.chat.list_rooms,
                asyncio.Event(),
                asyncio.Event(),
            )
            answered = type(list_rooms).__call__

            async def slow(*arguments: object, **options: object) -> object:
                begun.set()
                await goes_on.wait()
                return await answered(*arguments, **options)

            monkeypatch.setattr(type(list_rooms), "__call__", slow)
            headers = {"Authorization": f"Bearer {alice.secret}"}
            session = await stack.enter_async_context(aiohttp.ClientSession(headers=headers))
            asking = asyncio.create_task(session.get(f"{server.address}/api/v1/rooms").__aenter__())
            await begun.wait()

            stopping = asyncio.create_task(server.stop())
            await eventually(lambda: server.kit.container.draining().has_begun)
            goes_on.set()
            answer = await asking
            body = await answer.json()
            await stopping

            assert answer.status == 200
            assert answer.headers["Connection"] == "close"
            assert body["rooms"] == []

    async def test_what_was_asked_is_answered_first(self, serve: Serve) -> None:
        async with serve(limits=NO_RATES) as server:
            alice = await server.person("alice")
            garden = await server.kit.room(alice.user, "garden")
            client = await alice.client()
            ids = [
                await client.tell("post", room=garden, key=str(number), text=str(number))
                for number in range(100)
            ]
            await client.answer_to(ids[0])

            await server.gateway.close()

            assert await client.closed() == 1012
            acked = {frame["key"]: frame["seq"] for frame in client.received if "key" in frame}
            page = await server.kit.chat.page_messages(alice.user, room_id=garden, limit=200)
            stored = {message.key: message.seq for message in page.messages if message.key}
            assert acked.items() <= stored.items()
            assert sorted(stored.values()) == list(range(2, 2 + len(stored)))

    async def test_a_client_that_goes_on_and_on_cannot_hold_it_up(self, serve: Serve) -> None:
        async with serve(limits=NO_RATES) as server:
            alice = await server.person("alice")
            garden = await server.kit.room(alice.user, "garden")
            client = await alice.client()

            async def flood() -> None:
                number = 0
                while True:
                    number += 1
                    text = json.dumps({"id": number, "type": "typing", "room": garden})
                    await client.socket._writer.send_frame(text.encode(), 1)
                    if number % 20 == 0:
                        await asyncio.sleep(0)

            flooding = asyncio.create_task(flood())
            await client.ask("ping")

            try:
                async with asyncio.timeout(4):
                    await server.gateway.close()
            finally:
                flooding.cancel()
                await asyncio.wait([flooding])
            # If not sent away with all others, then for its flood, just before.
            assert await client.closed() in {1012, 4029}

    async def test_a_reader_who_never_reads_cannot_hold_it_up(self, serve: Serve) -> None:
        async with serve(limits={**NO_RATES, "outbox_bytes": 2**30}) as server:
            alice = await server.person("alice")
            raw = await RawSocket.connect(server.port, alice.secret, receive_buffer=4096)
            raw.send(TEXT, HELLO)
            await raw.receive()
            raw.writer.transport.pause_reading()
            (connection,) = server.hub.switchboard.connections_of(alice.user.id)
            connection.push("junk", junk="x" * 20_000_000)
            await eventually(connection.outbox._transport.get_write_buffer_size)

            async with asyncio.timeout(5):
                await server.gateway.close()

            await raw.close()


async def test_two_ends_at_once_are_one(server: Server, alice: Person) -> None:
    client: WireClient = await alice.client()
    (connection,) = server.hub.switchboard.connections_of(alice.user.id)

    connection.end(4001, "first")
    connection.end(4008, "second")

    assert await client.closed() == 4001


@memory_only
async def test_an_end_with_much_to_send_is_one_end(serve: Serve) -> None:
    async with serve(limits={**NO_RATES, "outbox_bytes": 65_536}) as server:
        alice = await server.person("alice")
        raw = await RawSocket.connect(server.port, alice.secret)
        raw.send(TEXT, HELLO)
        await raw.receive()
        (connection,) = server.hub.switchboard.connections_of(alice.user.id)

        connection.push("junk", junk="x" * 20_000_000)
        connection.end(4001, "signed out")

        closings = [task for task in asyncio.all_tasks() if task.get_name().startswith("close")]
        assert [task.get_name() for task in closings] == ["close 4001"]
        assert await raw.closed() == 4001
        await raw.close()
