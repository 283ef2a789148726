"""What proxies say is believed if they are ours, and from nobody else."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from adapters.requests import client_address
from tests.integration.http.site import Site, Visitor, raw, served
from tests.kit import PASSWORD, Kit, memory_chat

MALLORY = {"username": "mallory{}", "password": PASSWORD}
FORWARDED = {
    "X-Forwarded-For": "6.6.6.6, 203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "chat.example",
    "X-Request-Id": "from-the-proxy",
}


async def seen(request: web.Request) -> web.Response:
    return web.json_response([request.scheme, request.host, request.remote])


@pytest.fixture
async def proxied(kit: Kit) -> AsyncIterator[Site]:
    routes = [web.get("/seen", seen)]
    async with served(kit, trusted_proxies=("127.0.0.0/8",), extra_routes=routes) as site:
        yield site


async def test_trusted_proxy_tells_who_asks_for_what(proxied: Site) -> None:
    answer = await (await proxied.visitor()).send("GET", "/seen", headers=FORWARDED)

    assert answer.json == ["https", "chat.example", "203.0.113.9"]
    assert answer.headers["X-Request-Id"] == "from-the-proxy"


async def test_anybody_else_tells_nothing(kit: Kit) -> None:
    async with served(kit, extra_routes=[web.get("/seen", seen)]) as site:
        visitor = await site.visitor()

        answer = await visitor.send("GET", "/seen", headers=FORWARDED)

    assert answer.json == ["http", visitor.origin.removeprefix("http://"), "127.0.0.1"]
    assert answer.headers["X-Request-Id"] != "from-the-proxy"


async def test_forms_work_behind_a_proxy_that_ends_tls(proxied: Site) -> None:
    await proxied.kit.person("alice")
    visitor = await proxied.visitor()

    answer = await visitor.send(
        "POST",
        "/login",
        data={"username": "alice", "password": PASSWORD},
        headers={**FORWARDED, "Origin": "https://chat.example"},
    )

    assert answer.status == 303


async def test_forged_headers_do_not_make_another_site_ours(anybody: Visitor) -> None:
    answer = await anybody.send(
        "POST",
        "/login",
        data={"username": "alice", "password": PASSWORD},
        headers={**FORWARDED, "Origin": "https://chat.example"},
    )

    assert answer.status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Proto": "gopher"},
        {"X-Forwarded-Host": "evil.example/path"},
        {"X-Forwarded-Host": "a b"},
        {"X-Forwarded-For": "unknown"},
        {"X-Forwarded-For": ""},
        {"X-Request-Id": "two words"},
    ],
)
async def test_nonsense_of_a_proxy_is_left_alone(proxied: Site, headers: dict[str, str]) -> None:
    visitor = await proxied.visitor()

    answer = await visitor.send("GET", "/seen", headers=headers)

    assert answer.json == ["http", visitor.origin.removeprefix("http://"), "127.0.0.1"]
    assert answer.headers["X-Request-Id"] != headers.get("X-Request-Id")


@pytest.mark.parametrize(
    "target", [b"CONNECT // HTTP/1.1", b"CONNECT x:1 HTTP/1.1", b"GET http://x/seen HTTP/1.1"]
)
async def test_odd_targets_do_no_harm(proxied: Site, target: bytes) -> None:
    answer = await raw(proxied, target + b"\r\nHost: a b\r\nConnection: close\r\n\r\n")

    assert answer.split()[1] in {b"200", b"400", b"403"}


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "expected"),
    [
        ("203.0.113.9", "6.6.6.6", (), "203.0.113.9"),
        ("203.0.113.9", "6.6.6.6", ("10.0.0.0/8",), "203.0.113.9"),
        ("10.0.0.1", None, ("10.0.0.0/8",), "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9", ("10.0.0.0/8",), "203.0.113.9"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.9", ("10.0.0.0/8",), "203.0.113.9"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2", ("10.0.0.0/8",), "203.0.113.9"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", ("10.0.0.0/8",), "10.0.0.3"),
        ("10.0.0.1", "nonsense, 10.0.0.2", ("10.0.0.0/8",), "10.0.0.2"),
        ("::ffff:10.0.0.1", "2001:db8::1", ("10.0.0.1",), "2001:db8::1"),
        ("::1", "203.0.113.9", ("::1",), "203.0.113.9"),
    ],
)
async def test_address_of_the_visitor(
    peer: str, forwarded: str | None, trusted: tuple[str, ...], expected: str
) -> None:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = make_mocked_request("GET", "/", headers=headers, loop=asyncio.get_running_loop())

    address = client_address(request.clone(remote=peer), trusted)

    assert address == expected


@pytest.mark.parametrize(
    ("method", "path", "fields"),
    [
        ("api", "/api/v1/session", {"username": "alice", "password": "a guess of hers"}),
        ("form", "/login", {"username": "alice", "password": "a guess of hers"}),
        ("api", "/api/v1/users", MALLORY),
        ("form", "/register", {**MALLORY, "password_again": PASSWORD}),
    ],
)
async def test_a_network_of_ipv6_counts_as_one_address(
    method: str, path: str, fields: dict[str, str]
) -> None:
    """One subscriber has 2^64 of them."""
    limits = {"sign_ins_per_minute": 1, "registrations_per_hour": 1}
    async with (
        memory_chat(limits=limits) as kit,
        served(kit, trusted_proxies=("127.0.0.0/8",)) as site,
    ):
        await kit.person("zoe")
        visitor = await site.visitor()
        statuses = []

        for number, address in enumerate(("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")):
            named = {**fields, "username": fields["username"].format("x" * number)}
            sent = {"json" if method == "api" else "data": named}
            headers = {"X-Forwarded-For": address, "Origin": visitor.origin}
            statuses.append((await visitor.send("POST", path, headers=headers, **sent)).status)

    assert [status == 429 for status in statuses] == [False, True, False]
