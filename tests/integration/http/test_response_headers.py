"""What every answer has in common, whoever made it."""

import pytest

from adapters.http.response_headers import CONTENT_SECURITY_POLICY
from tests.integration.http.site import Visitor, served
from tests.kit import Kit

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/login",
        "/nowhere",
        "/api/v1/session",
        "/api/v1/nowhere",
        "/static/favicon.svg",
        "/static/nothing",
        "/healthz",
        "/robots.txt",
    ],
)
async def test_every_answer_is_defended(alice: Visitor, path: str) -> None:
    headers = (await alice.get(path)).headers

    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Server"] == "besedka"
    assert headers["X-Request-Id"]
    assert "Strict-Transport-Security" not in headers


async def test_expectation_that_cannot_be_met_is_defended_too(anybody: Visitor) -> None:
    answer = await anybody.send("GET", "/login", headers={"Expect": "miracles"})

    assert answer.status == 417
    assert answer.headers["Content-Security-Policy"] == POLICY


async def test_https_is_to_be_remembered(kit: Kit) -> None:
    async with served(kit, secure_cookies=True) as site:
        answer = await (await site.visitor()).get("/login")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/", "/login", "/api/v1/session", "/api/v1/nowhere", "/healthz"])
async def test_nothing_personal_is_cached(alice: Visitor, path: str) -> None:
    assert (await alice.get(path)).headers["Cache-Control"] == "no-store"
