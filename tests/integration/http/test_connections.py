"""Below the handlers: what is no request, what never ends, and what has already begun."""

import asyncio
import logging

import pytest
from aiohttp import web

from adapters.http import bodies, connections
from tests.integration.http.site import Site, raw, served
from tests.kit import Kit, memory_chat

UNFINISHED = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GARBAGE\r\n\r\n",
        b"BREW /coffee HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"GET /" + b"y" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        UNFINISHED + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 500 + b"\r\n",
    ],
)
async def test_what_is_not_http_is_answered_with_400(
    site: Site, caplog: pytest.LogCaptureFixture, request_bytes: bytes
) -> None:
    answer = await raw(site, request_bytes)

    assert answer.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))
    assert b"Traceback" not in answer
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]


async def test_badly_framed_body_is_malformed(site: Site) -> None:
    answer = await raw(
        site,
        UNFINISHED + b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n\r\n",
    )

    assert b" 400 " in answer.splitlines()[0]
    assert b"Traceback" not in answer


@pytest.mark.parametrize("path", [b"/api/v1/session", b"/login", b"/static/x", b"/healthz"])
@pytest.mark.parametrize("expected", [b"the-impossible", b"\xff\xfe", b"100-continue, tea"])
async def test_what_cannot_be_expected_is_refused(
    site: Site, caplog: pytest.LogCaptureFixture, path: bytes, expected: bytes
) -> None:
    head = b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: "

    answer = await raw(site, head + expected + b"\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 417 ")
    if path.startswith(b"/api"):
        assert b"application/problem+json" in answer
        assert b'"code":"expectation_failed"' in answer
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]


async def test_who_waits_to_be_told_to_go_on_is_told_so(site: Site) -> None:
    head = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\nConnection: close\r\n"
    head += b"Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n"

    answer = await raw(site, head + b"{}")

    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 422 ")


async def test_headers_that_never_end_are_not_waited_for(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connections.KEEPALIVE_SECONDS < 30
    monkeypatch.setattr(connections, "KEEPALIVE_SECONDS", 0.05)
    async with served(kit) as site:
        answer = await raw(site, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow")

    assert answer == b""


async def test_body_that_never_ends_is_not_waited_for(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bodies.SECONDS_TO_SEND <= 30
    monkeypatch.setattr(bodies, "SECONDS_TO_SEND", 0.05)
    reader, writer = await asyncio.open_connection(site.server.host, site.server.port)

    writer.write(UNFINISHED + b"Content-Length: 100\r\n\r\n{")
    first_line = await asyncio.wait_for(reader.readline(), timeout=5)

    assert b" 408 " in first_line
    writer.close()
    await writer.wait_closed()


async def test_visitor_who_hangs_up_is_no_error(kit: Kit, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "adapters")
    reading, hung_up = asyncio.Event(), asyncio.Event()

    async def reads(request: web.Request) -> web.Response:
        reading.set()
        try:
            return web.Response(body=await request.read())
        finally:
            hung_up.set()

    async with served(kit, extra_routes=[web.post("/api/v1/session/x", reads)]) as site:
        _, writer = await asyncio.open_connection(site.server.host, site.server.port)
        writer.write(UNFINISHED.replace(b"session", b"session/x") + b"Content-Length: 9\r\n\r\n{")
        await asyncio.wait_for(reading.wait(), timeout=5)
        writer.close()
        await asyncio.wait_for(hung_up.wait(), timeout=5)

    assert [each.getMessage() for each in caplog.records] == ["POST /api/v1/session/x 499"]


async def test_failure_after_an_answer_has_begun_is_logged_and_hangs_up(
    kit: Kit, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks_off(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"so far so good")
        raise RuntimeError("and then")

    async with served(kit, extra_routes=[web.get("/breaks-off", breaks_off)]) as site:
        answer = await raw(site, b"GET /breaks-off HTTP/1.1\r\nHost: x\r\n\r\n")

    assert answer.count(b"HTTP/1.1") == 1
    assert answer.endswith(b"so far so good\r\n")
    assert [each.levelno for each in caplog.records if each.exc_info] == [logging.ERROR]


async def test_broken_connection_to_something_else_is_an_error(
    kit: Kit, caplog: pytest.LogCaptureFixture
) -> None:
    async def loses_its_database(_: web.Request) -> web.Response:
        raise ConnectionResetError("database")

    async with served(kit, extra_routes=[web.get("/api/x", loses_its_database)]) as site:
        answer = await (await site.visitor()).get("/api/x")

    assert (answer.status, answer.code) == (500, "internal")
    assert [each.levelno for each in caplog.records if each.exc_info] == [logging.ERROR]


@pytest.mark.parametrize("trusted", [(), ("127.0.0.1",)])
async def test_sockets_of_the_other_gateway_are_passed_on(trusted: tuple[str, ...]) -> None:
    async with memory_chat() as kit:
        alice, sockets = await kit.person("alice"), kit.container.sockets()
        routes = sockets.routes()
        async with served(kit, trusted_proxies=trusted, extra_routes=routes) as site:
            visitor, stranger = await site.signed_in(alice), await site.visitor()

            async with visitor.client.ws_connect("/ws", origin=visitor.origin) as socket:
                await socket.send_json({"id": 1, "type": "hello"})
                hello = await socket.receive_json(timeout=5)
            refused = await stranger.get("/ws")

    assert (hello["type"], hello["user"]["username"]) == ("ok", "alice")
    assert (refused.status, refused.code) == (401, "not_signed_in")
