import logging

import pytest

from tests.integration.http.site import Site, Visitor


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
