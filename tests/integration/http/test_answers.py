"""What every answer has in common, and what problems look like."""

import logging
from typing import Any

import pytest
from aiohttp import web

from adapters.http.response_headers import CONTENT_SECURITY_POLICY
from domain.errors import Overloaded, StoreUnavailable
from tests.integration.http.site import Site, Visitor, served
from tests.kit import Kit

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


async def breaks(_: web.Request) -> web.Response:
    raise RuntimeError("a secret detail")


async def overloaded(_: web.Request) -> web.Response:
    raise Overloaded


async def leads_away(_: web.Request) -> web.Response:
    raise web.HTTPFound("/elsewhere")


BREAKING = [
    web.get("/api/v1/breaks", breaks),
    web.get("/breaks", breaks),
    web.get("/api/v1/overloaded", overloaded),
    web.get("/overloaded", overloaded),
    web.get("/leads-away", leads_away),
]


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


PROBLEMS: list[tuple[str, str, object, dict[str, Any]]] = [
    (
        "GET",
        "/users/nobody",
        None,
        {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "There is nobody called nobody.",
            "code": "user_not_found",
            "category": "not_found",
            "temporary": False,
        },
    ),
    (
        "POST",
        "/rooms",
        {"name": "1st"},
        {
            "type": "about:blank",
            "title": "Unprocessable Content",
            "status": 422,
            "detail": "name: must start with a letter",
            "code": "name_invalid",
            "category": "invalid",
            "temporary": False,
            "errors": {"name": "must start with a letter"},
        },
    ),
    (
        "POST",
        "/rooms",
        {"name": 1},
        {
            "type": "about:blank",
            "title": "Unprocessable Content",
            "status": 422,
            "detail": "name: expected str, got int",
            "code": "name_invalid",
            "category": "invalid",
            "temporary": False,
            "errors": {"name": "expected str, got int"},
        },
    ),
    (
        "POST",
        "/rooms",
        {},
        {
            "type": "about:blank",
            "title": "Unprocessable Content",
            "status": 422,
            "detail": "name: is required",
            "code": "name_invalid",
            "category": "invalid",
            "temporary": False,
            "errors": {"name": "is required"},
        },
    ),
    (
        "GET",
        "/nothing",
        None,
        {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "Not Found.",
            "code": "not_found",
            "category": "not_found",
            "temporary": False,
        },
    ),
    (
        "GET",
        "/overloaded",
        None,
        {
            "type": "about:blank",
            "title": "Service Unavailable",
            "status": 503,
            "detail": "Too much is waiting to be stored. Try again in a moment.",
            "code": "overloaded",
            "category": "unavailable",
            "temporary": True,
            "retry_after": 1.0,
        },
    ),
    (
        "GET",
        "/breaks",
        None,
        {
            "type": "about:blank",
            "title": "Internal Server Error",
            "status": 500,
            "detail": "Something went wrong on our side.",
            "code": "internal",
            "category": "unavailable",
            "temporary": True,
        },
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "expected"), PROBLEMS)
async def test_problem(
    kit: Kit, method: str, path: str, body: object, expected: dict[str, Any]
) -> None:
    alice = await kit.person("alice")
    async with served(kit, extra_routes=BREAKING) as site:
        visitor = await site.signed_in(alice)

        answer = await visitor.api(method, path, body)

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json == expected
    assert answer.headers.get("Retry-After") == ("1" if answer.status == 503 else None)


async def test_page_about_our_mistake_gives_the_request_id_and_nothing_else(kit: Kit) -> None:
    async with served(kit, extra_routes=BREAKING) as site:
        page = await (await site.visitor()).get("/breaks")

    assert page.status == 500
    assert "Something went wrong on our side." in page.text
    assert page.headers["X-Request-Id"] in page.text
    assert "secret" not in page.text
    assert "Traceback" not in page.text


async def test_page_of_a_busy_server_says_when_to_come_back(kit: Kit) -> None:
    async with served(kit, extra_routes=BREAKING) as site:
        page = await (await site.visitor()).get("/overloaded")

    assert page.status == 503
    assert page.headers["Retry-After"] == "1"
    assert page.headers["Content-Type"].startswith("text/html")


async def test_redirects_of_other_gateways_pass(kit: Kit) -> None:
    async with served(kit, extra_routes=BREAKING) as site:
        answer = await (await site.visitor()).get("/leads-away")

    assert (answer.status, answer.location) == (302, "/elsewhere")


async def test_unexpected_error_is_logged_once_under_the_request_id(
    kit: Kit, caplog: pytest.LogCaptureFixture
) -> None:
    async with served(kit, extra_routes=BREAKING) as site:
        answer = await (await site.visitor()).get("/api/v1/breaks")

    (record,) = [each for each in caplog.records if each.exc_info]
    assert record.levelno == logging.ERROR
    assert record.request_id == answer.headers["X-Request-Id"]


async def test_healthy(anybody: Visitor) -> None:
    alive, ready = await anybody.get("/healthz"), await anybody.get("/readyz")

    assert (alive.status, alive.json) == (200, {"status": "ok"})
    assert (ready.status, ready.json) == (200, {"status": "ok"})


async def test_alive_but_not_ready_without_the_store(kit: Kit) -> None:
    async def check() -> None:
        raise StoreUnavailable("no route to host")

    async with served(kit, check=check) as site:
        visitor = await site.visitor()
        alive, ready = await visitor.get("/healthz"), await visitor.get("/readyz")

    assert alive.status == 200
    assert (ready.status, ready.code) == (503, "store_unavailable")
    assert "no route" not in ready.text


async def test_version(anybody: Visitor) -> None:
    answer = await anybody.get("/version")

    assert answer.json == {"name": "besedka", "version": "1.2.3"}


async def test_robots_stay_outside(anybody: Visitor) -> None:
    answer = await anybody.get("/robots.txt")

    assert answer.text == "User-agent: *\nDisallow: /\n"


async def test_request_line_in_the_log_leaves_the_query_out(
    anybody: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    answer = await anybody.get("/login?next=/rooms/secret%0d%0aGET")

    (record,) = [each for each in caplog.records if each.name == "adapters.http.request_log"]
    assert record.getMessage() == "GET /login 200"
    assert (record.method, record.path, record.status) == ("GET", "/login", 200)
    assert record.ms >= 0
    assert record.request_id == answer.headers["X-Request-Id"]


async def test_line_breaks_in_a_path_forge_no_line(
    anybody: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    await anybody.get("/x%0d%0aGET%20/forged%20200")

    assert all("\n" not in each.getMessage() for each in caplog.records)


@pytest.mark.parametrize("path", ["/healthz", "/static/favicon.svg"])
async def test_what_is_asked_all_the_time_is_logged_for_debugging_only(
    site: Site, anybody: Visitor, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.set_level(logging.DEBUG)

    await anybody.get(path)

    levels = [each.levelno for each in caplog.records if each.name == "adapters.http.request_log"]
    assert levels == [logging.DEBUG]
