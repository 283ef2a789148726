"""What went wrong, as programs and as people are told of it."""

import logging
from typing import Any

import pytest
from aiohttp import web

from domain.errors import Overloaded
from tests.integration.http.site import served
from tests.kit import Kit


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
