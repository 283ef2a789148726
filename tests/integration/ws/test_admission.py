"""Who is let in at all: nobody without a session, and no browser from another site."""

import aiohttp
import pytest

from domain.ids import RoomId
from tests.integration.ws.conftest import Serve
from tests.integration.ws.server import Person, Server, memory_only
from tests.wire_client import Rejected, WireClient

pytestmark = memory_only

COOKIE = "besedka_session"
PATHS = ("/ws", "/ws/garden")


async def _status(
    server: Server, path: str = "/ws", *, bearer: str | None = None, **headers: str | None
) -> int:
    """101, or what stands there instead."""
    sent = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
    try:
        client = await server.connect(bearer, path, headers=sent)
    except Rejected as rejected:
        return rejected.status
    await client.close()
    return 101


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "authorization", [None, "Bearer nonsense", "Bearer ", 'Bearer Ж\t"', "Basic YTpi", "Bearer"]
)
async def test_nobody_is_let_in_without_a_session(
    server: Server, garden: RoomId, path: str, authorization: str | None
) -> None:
    assert await _status(server, path, Authorization=authorization) == 401


@pytest.mark.parametrize("path", PATHS)
async def test_a_bearer_token_needs_no_origin(alice: Person, garden: RoomId, path: str) -> None:
    assert await _status(alice.server, path, bearer=alice.secret) == 101


@pytest.mark.parametrize("path", PATHS)
async def test_a_cookie_alone_is_not_enough(alice: Person, garden: RoomId, path: str) -> None:
    assert await _status(alice.server, path, Cookie=f"{COOKIE}={alice.secret}") == 403


async def test_a_page_of_this_site_is_let_in(alice: Person, garden: RoomId) -> None:
    cookie = f"{COOKIE}={alice.secret}"

    for site in (None, "same-origin"):
        status = await _status(
            alice.server, Cookie=cookie, Origin=alice.server.address, Sec_Fetch_Site=site
        )
        assert status == 101


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "http://127.0.0.1",
        "http://127.0.0.1.evil.example:{port}",
        "http://evil.example/{own}",
        "http://{own}@evil.example",
        "http://evil.example#{own}",
        "https://{own}",
        "ws://{own}",
        "http://127.0.0.1:1",
        "http://localhost:{port}",
        "file://",
        "http://[::1]:{port}",
        "http://{own}, http://evil.example",
        "http://127.0.0.1:{port}abc",
        "http://127.0.0.1:99999",
        "{own}",
    ],
)
async def test_a_page_of_another_site_is_not(
    alice: Person, garden: RoomId, path: str, origin: str
) -> None:
    server = alice.server
    own = server.address.removeprefix("http://")
    origin = origin.format(own=own, port=server.port)

    status = await _status(server, path, Cookie=f"{COOKIE}={alice.secret}", Origin=origin)

    assert status == 403


async def test_a_foreign_page_is_known_by_its_fetch_site_too(alice: Person) -> None:
    cookie, own = f"{COOKIE}={alice.secret}", alice.server.address

    for site in ("cross-site", "same-site", "nonsense"):
        status = await _status(alice.server, Cookie=cookie, Origin=own, Sec_Fetch_Site=site)
        assert status == 403


async def test_behind_a_proxy_the_site_is_what_it_is_called(serve: Serve) -> None:
    async with serve(public_url="https://chat.example", secure_cookies=False) as server:
        alice = await server.person("alice")
        cookie = f"{COOKIE}={alice.secret}"

        for origin, status in [
            ("https://chat.example", 101),
            ("https://chat.example:443", 101),
            ("https://CHAT.example", 101),
            ("http://chat.example", 403),
            ("https://chat.example:8443", 403),
            ("https://chat.example.evil.example", 403),
            (server.address, 403),
        ]:
            assert await _status(server, Cookie=cookie, Origin=origin) == status, origin


async def test_over_https_only_the_protected_cookie_counts(serve: Serve) -> None:
    async with serve(public_url="https://chat.example") as server:
        alice = await server.person("alice")

        async def status(cookie: str) -> int:
            return await _status(
                server, Cookie=f"{cookie}={alice.secret}", Origin="https://chat.example"
            )

        assert await status("__Host-besedka_session") == 101
        assert await status("besedka_session") == 401


@pytest.mark.parametrize("path", PATHS)
async def test_an_ended_session_is_not_let_in(alice: Person, garden: RoomId, path: str) -> None:
    chat = alice.server.kit.chat
    session = (await chat.authenticate(alice.secret)).session
    await chat.end_sessions(alice.user, session_id=session.id)

    assert await _status(alice.server, path, bearer=alice.secret) == 401


async def test_a_request_that_is_no_handshake_is_told_so(alice: Person) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            f"{alice.server.address}/ws", headers={"Authorization": f"Bearer {alice.secret}"}
        ) as response,
    ):
        assert response.status == 400
        assert response.content_type == "application/problem+json"


async def test_deflate_is_not_negotiated(alice: Person) -> None:
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(
            f"{alice.server.address}/ws",
            headers={"Authorization": f"Bearer {alice.secret}"},
            compress=15,
        )
        assert socket.compress == 0
        await socket.close()


@pytest.mark.parametrize("name", ["garden", "GARDEN", "no-such-room", "%00", "a%2Fb", "x" * 5000])
async def test_a_room_of_strangers_looks_like_none(
    server: Server, mallory: Person, garden: RoomId, name: str
) -> None:
    assert await _status(server, f"/ws/{name}", bearer=mallory.secret) == 404


async def test_one_person_has_so_many_sockets_and_no_more(serve: Serve) -> None:
    async with serve(limits={"posts_per_second": 0, "connections_per_user": 2}) as server:
        alice, bob = await server.person("alice"), await server.person("bob")
        room = await server.kit.room(alice.user, "garden", bob.user)
        first, second = await alice.client(), await alice.knock()

        for path in PATHS:
            assert await (await alice.knock(path)).closed() == 4009

        bobs: WireClient = await bob.client()
        await bobs.ask("post", room=room, key="k", text="hi alice")
        await first.await_message("hi alice")
        await second.close()
        await (await alice.client()).ask("ping")
