"""Other sites cannot make a visitor's browser write here."""

from typing import Any

import pytest

from domain.ids import RoomId
from domain.user import User
from tests.integration.http.site import Site, Visitor, served
from tests.kit import PASSWORD, Kit

FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "OWN-HTTPS"},
    {"Origin": "OWN.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Origin": "OWN", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "https://evil.example", "Host": "evil.example"},
    {},
]
OWN = [
    {"Origin": "OWN"},
    {"Origin": "OWN", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
]


def filled(headers: dict[str, str], own: str) -> dict[str, str]:
    https = own.replace("http:", "https:")
    return {
        name: value.replace("OWN-HTTPS", https).replace("OWN", own)
        for name, value in headers.items()
    }


@pytest.mark.parametrize("headers", FOREIGN)
async def test_foreign_json_is_refused(
    bob: Visitor, garden: RoomId, headers: dict[str, str]
) -> None:
    answer = await bob.send(
        "POST",
        f"/api/v1/rooms/{garden}/messages",
        json={"key": "k", "text": "forged"},
        headers=filled(headers, bob.origin),
    )

    page = await bob.api("GET", f"/rooms/{garden}/messages")
    assert (answer.status, answer.code) == (403, "cross_site")
    assert "forged" not in page.text


@pytest.mark.parametrize("headers", OWN)
async def test_own_json_is_taken(bob: Visitor, garden: RoomId, headers: dict[str, str]) -> None:
    answer = await bob.send(
        "POST",
        f"/api/v1/rooms/{garden}/messages",
        json={"key": "k", "text": "mine"},
        headers=filled(headers, bob.origin),
    )

    assert answer.status == 201


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/login", "/register", "/logout"])
async def test_foreign_forms_are_refused_with_a_page(
    alice: Visitor, path: str, headers: dict[str, str]
) -> None:
    answer = await alice.send(
        "POST",
        path,
        data={"username": "bob", "password": PASSWORD},
        headers=filled(headers, alice.origin),
    )

    assert answer.status == 403
    assert "came from another site" in answer.text
    assert (await alice.api("GET", "/session")).json["user"]["username"] == "alice"


@pytest.mark.parametrize("headers", FOREIGN[:-1])
async def test_nobody_is_signed_in_from_another_site(
    anybody: Visitor, alice_user: User, headers: dict[str, str]
) -> None:
    answer = await anybody.send(
        "POST",
        "/api/v1/session",
        json={"username": "alice", "password": PASSWORD},
        headers=filled(headers, anybody.origin),
    )

    assert (answer.status, answer.code) == (403, "cross_site")
    assert anybody.session is None


@pytest.mark.parametrize("headers", FOREIGN)
async def test_bearer_token_needs_no_origin(
    site: Site, anybody: Visitor, bob_user: User, garden: RoomId, headers: dict[str, str]
) -> None:
    secret = await site.secret(bob_user)

    answer = await anybody.send(
        "POST",
        f"/api/v1/rooms/{garden}/messages",
        json={"key": "k", "text": "from a script"},
        headers={"Authorization": f"Bearer {secret}", **filled(headers, anybody.origin)},
    )

    assert answer.status == 201


async def test_bad_bearer_token_beside_a_cookie_opens_nothing(bob: Visitor, garden: RoomId) -> None:
    answer = await bob.send(
        "DELETE",
        f"/api/v1/rooms/{garden}/members/bob",
        headers={"Authorization": "Bearer x", "Origin": "https://evil.example"},
    )

    assert (answer.status, answer.code) == (401, "not_signed_in")


async def test_no_get_changes_anything(site: Site, alice: Visitor, garden: RoomId) -> None:
    site.kit.events.clear()

    for route in site.server.app.router.routes():
        if route.method == "GET" and route.resource:
            path = (
                route.resource.canonical.replace("{room}", garden).replace("{", "").replace("}", "")
            )
            await alice.get(path)

    assert site.kit.events == []
    assert (await alice.api("GET", "/session")).status == 200


PUBLIC: dict[str, Any] = {"public_url": "https://chat.example"}


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://chat.example", 204),
        ("https://chat.example:443", 204),
        ("https://CHAT.example", 204),
        ("http://chat.example", 403),
        ("https://chat.example:8443", 403),
        ("https://chat.example.evil.example", 403),
        ("https://evil.example", 403),
    ],
)
async def test_configured_address_decides(kit: Kit, origin: str, status: int) -> None:
    alice = await kit.person("alice")
    async with served(kit, **PUBLIC) as site:
        visitor = await site.signed_in(alice)

        answer = await visitor.api("DELETE", "/session", Origin=origin)

    assert answer.status == status


async def test_refusal_tells_the_operator_what_to_configure(
    alice: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    await alice.api("DELETE", "/session", Origin="https://chat.example")

    assert "'https://chat.example'" in caplog.text
    assert "public_url" in caplog.text
