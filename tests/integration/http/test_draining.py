"""A node that is about to stop: proxies go elsewhere, and nobody is asked to hold the line."""

import pytest
from aiohttp import web

from tests.integration.http.site import Site, raw, served
from tests.kit import Kit

PATHS = ["/healthz", "/login", "/rooms/garden", "/nowhere", "/static/nothing", "/api/v1/session"]


@pytest.fixture
def draining_site(site: Site) -> Site:
    site.draining.begin()
    return site


async def test_it_is_alive_but_not_ready(draining_site: Site) -> None:
    visitor = await draining_site.visitor()

    alive, ready = await visitor.get("/healthz"), await visitor.get("/readyz")

    assert alive.status == 200
    assert (ready.status, ready.code) == (503, "shutting_down")


@pytest.mark.parametrize("path", PATHS)
async def test_each_answer_is_the_last_of_its_connection(draining_site: Site, path: str) -> None:
    answer = await raw(draining_site, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 2)

    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"\r\nconnection: close\r\n" in answer.lower()


@pytest.mark.parametrize("path", PATHS)
async def test_before_that_connections_are_kept(site: Site, path: str) -> None:
    visitor = await site.visitor()

    answer = await visitor.get(path)

    assert "close" not in answer.headers.get("Connection", "")


async def test_an_upgrade_is_one_still(kit: Kit) -> None:
    async def upgrade(request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str("hello")
        return socket

    async with served(kit, extra_routes=[web.get("/upgrade", upgrade)]) as site:
        site.draining.begin()
        visitor = await site.visitor()
        async with visitor.client.ws_connect("/upgrade") as socket:
            assert await socket.receive_str(timeout=5) == "hello"
