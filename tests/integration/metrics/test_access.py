"""Who may read the numbers, and that nobody gets them by what they say of themselves."""

from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request

from adapters.metrics.access import Access
from tests.integration.ws.server import serving_on

TOKEN = "a-key-to-the-garden-gate"


async def status(address: str, **headers: str) -> int:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with (
        aiohttp.ClientSession(headers=sent) as session,
        session.get(f"{address}/metrics") as answer,
    ):
        return answer.status


def admits(access: Access, peer: str, **headers: str) -> bool:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    transport = SimpleNamespace(get_extra_info=lambda name, default=None: (peer, 50_000))
    request = make_mocked_request("GET", "/metrics", headers=sent)
    request._protocol.transport = transport  # type: ignore[assignment]  # all that is asked of it
    return access.admits(request)


async def test_off_is_as_if_there_were_none() -> None:
    async with serving_on("memory://", metrics={"access": "off"}) as server:
        assert await status(server.address) == 404


async def test_this_machine_may_and_whoever_comes_through_a_proxy_may_not() -> None:
    async with serving_on(
        "memory://", metrics={"access": "loopback"}, trusted_proxies=["127.0.0.1"]
    ) as server:
        assert await status(server.address) == 200
        assert await status(server.address, X_Forwarded_For="203.0.113.9") == 403
        assert await status(server.address, X_Forwarded_For="203.0.113.9, 127.0.0.1") == 403
        assert await status(server.address, X_Forwarded_For="127.0.0.1") == 403
        assert await status(server.address, Forwarded="for=127.0.0.1") == 403
        assert await status(server.address, X_Real_IP="127.0.0.1") == 403


async def test_a_token_opens_from_behind_a_proxy_too() -> None:
    async with serving_on("memory://", metrics={"access": "loopback", "token": TOKEN}) as server:
        right, wrong = (f"Bearer {word}" for word in (TOKEN, "guessed"))
        far = {"X_Forwarded_For": "203.0.113.9"}

        assert await status(server.address, **far, Authorization=right) == 200
        assert await status(server.address, **far, Authorization=wrong) == 403
        assert await status(server.address, **far, Authorization="Bearer ") == 403
        assert await status(server.address, **far) == 403


@pytest.mark.parametrize(
    ("peer", "near", "private"),
    [
        ("127.0.0.1", True, True),
        ("::1", True, True),
        ("::ffff:127.0.0.1", True, True),
        ("10.1.2.3", False, True),
        ("172.18.0.5", False, True),
        ("::ffff:192.168.1.9", False, True),
        ("fd00::7", False, True),
        ("fe80::1%eth0", False, True),
        ("203.0.113.9", False, False),
        ("2001:db8::1", False, False),
        ("", False, False),
    ],
)
def test_near_is_by_the_connection_itself(peer: str, near: bool, private: bool) -> None:
    assert admits(Access("loopback", ""), peer) is near
    assert admits(Access("private", ""), peer) is private
    assert admits(Access("public", ""), peer)


def test_what_a_stranger_says_of_themselves_does_not_make_them_near() -> None:
    for access in (Access("loopback", ""), Access("private", "")):
        assert not admits(access, "203.0.113.9", X_Forwarded_For="127.0.0.1")
        assert not admits(access, "203.0.113.9", Host="localhost")
        assert not admits(access, "10.0.0.2", X_Forwarded_For="10.0.0.3")


def test_without_a_token_none_is_the_right_one() -> None:
    assert not admits(Access("loopback", ""), "203.0.113.9", Authorization="Bearer ")
    assert not admits(Access("loopback", ""), "203.0.113.9", Authorization="Bearer")
