"""The line behind a socket: what comes with the handshake, pings, silence, and the last words."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.ws.verbs import Verbs
from domain.ids import RoomId
from tests.integration.ws.conftest import Serve
from tests.integration.ws.raw_socket import CLOSE, PING, PONG, TEXT, RawSocket
from tests.integration.ws.server import Person, Server, eventually, memory_only

pytestmark = memory_only

HELLO = b'{"id": 1, "type": "hello"}'


@pytest.fixture
async def raw(server: Server, alice: Person) -> AsyncIterator[RawSocket]:
    """A socket of Alice's that has been greeted."""
    raw = await RawSocket.connect(server.port, alice.secret)
    raw.send(TEXT, HELLO)
    await raw.receive()
    yield raw
    await raw.close()


@pytest.fixture
async def held(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """As long as this is not set, nothing that is asked is done."""
    released = asyncio.Event()
    do = Verbs.__call__

    async def do_later(self: Verbs, *arguments: Any) -> Any:
        await released.wait()
        return await do(self, *arguments)

    monkeypatch.setattr(Verbs, "__call__", do_later)
    return released


def post(room: RoomId, number: int, text: str = "hi") -> bytes:
    fields = {"id": number, "type": "post", "room": room, "key": str(number), "text": text}
    return json.dumps(fields).encode()


async def test_what_comes_with_the_handshake_is_read(server: Server, alice: Person) -> None:
    raw = await RawSocket.connect(server.port, alice.secret, at_once=HELLO)

    _, answer = await raw.receive()

    assert json.loads(answer)["type"] == "ok"
    await raw.close()


async def test_the_handshake_names_no_library(server: Server, alice: Person) -> None:
    raw = await RawSocket.connect(server.port, alice.secret)

    assert b"Server: besedka\r\n" in raw.head
    await raw.close()


async def test_what_is_no_handshake_is_refused(server: Server, alice: Person) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(
        b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        b"Authorization: Bearer " + alice.secret.encode() + b"\r\n\r\n"
    )

    answer = await reader.read()

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"WebSockets, version 13" in answer
    writer.close()


async def test_what_was_said_before_a_close_is_done(
    server: Server, alice: Person, raw: RawSocket
) -> None:
    garden = await server.kit.room(alice.user, "garden")

    raw.send(TEXT, post(garden, 2))
    raw.send(CLOSE, b"\x03\xe8")

    assert await raw.closed() == 1000
    page = await (await alice.client()).ask("page", room=garden)
    assert [each["text"] for each in page["messages"] if each["kind"] == "posted"] == ["hi"]


async def test_a_close_is_answered_and_the_line_cut(server: Server, raw: RawSocket) -> None:
    started = time.monotonic()

    raw.send(CLOSE, b"")

    assert await raw.closed() == 1000
    await raw.gone(within=1)
    await eventually(lambda: server.gateway.count == 0)
    assert time.monotonic() - started < 1


async def test_after_broken_frames_the_line_ends_with_the_reason(
    server: Server, raw: RawSocket
) -> None:
    """Whoever breaks the protocol may say no understandable good-bye: it is not waited for."""
    started = time.monotonic()

    raw.send(3, b"")
    raw.send(TEXT, b"x" * 200_000)

    assert await raw.closed() == 1002
    await raw.gone(within=1)
    await raw.close()
    await eventually(lambda: server.gateway.count == 0)
    assert time.monotonic() - started < 2


async def test_pings_are_answered_while_requests_hang(raw: RawSocket, held: asyncio.Event) -> None:
    for number in range(40):
        raw.send(TEXT, b'{"id": %d, "type": "ping"}' % number)
    raw.send(PING, b"there?")

    assert await raw.receive() == (PONG, b"there?")

    held.set()
    answers = [json.loads((await raw.receive())[1])["id"] for _ in range(40)]
    assert sorted(answers) == list(range(40))
    await raw.close()


async def test_whoever_is_not_read_from_is_not_silent(serve: Serve, held: asyncio.Event) -> None:
    """What they sent waits here, and with it their answer to a ping."""
    heartbeat = 0.2
    async with serve(heartbeat_seconds=heartbeat) as server:
        alice = await server.person("alice")
        garden = await server.kit.room(alice.user, "garden")
        raw = await RawSocket.connect(server.port, alice.secret)
        raw.send(TEXT, HELLO)
        await raw.receive()

        for number in range(100):
            raw.send(TEXT, post(garden, number, "x" * 7_000))
        await asyncio.sleep(3 * heartbeat)
        held.set()

        assert server.gateway.count == 1
        heard: set[int] = set()
        async with asyncio.timeout(5):
            while not set(range(100)) <= heard:
                opcode, payload = await raw.receive()
                if opcode == TEXT and "id" in (frame := json.loads(payload)):
                    heard.add(frame["id"])
        await raw.close()


async def test_pings_without_end_pile_up_no_answers(serve: Serve) -> None:
    limits = {"outbox_bytes": 65_536}
    async with serve(limits=limits) as server:
        alice = await server.person("alice")
        raw = await RawSocket.connect(server.port, alice.secret, receive_buffer=4096)
        raw.send(TEXT, HELLO)
        await raw.receive()
        raw.writer.transport.pause_reading()
        (connection,) = server.hub.switchboard.connections_of(alice.user.id)

        async with asyncio.timeout(10):
            while not connection.outbox._closed:
                for _ in range(1_000):
                    raw.send(PING, b"x" * 125)
                await asyncio.sleep(0)
                assert connection.outbox._transport.get_write_buffer_size() < 2_000_000

        await raw.close()
        await eventually(lambda: server.gateway.count == 0)
