"""Logs tell apart what the program says and what people typed, and tell no secret."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from adapters.logs import Format, configure_logs, request_id

FORGED = "\r\nERROR all is lost\x1b[31m\u2028\x85\ud800"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    loggers = [logging.getLogger(), *map(logging.getLogger, ("adapters", "sqlalchemy"))]
    before = [(logger, logger.level, logger.handlers[:]) for logger in loggers]
    for logger in loggers:
        logger.handlers = []  # Configuring closes what is there, and pytest's must stay open.
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers = handlers


def logged(say: str, log_format: Format = "json", stream: io.StringIO | None = None) -> str:
    stream = stream or io.StringIO()
    configure_logs("info", log_format, stream)
    logging.getLogger("adapters.test").info("%s", say, extra={"room": say, "count": 2})
    return stream.getvalue()


def test_elsewhere_than_on_a_terminal_each_line_is_an_object() -> None:
    line = logged("hello", "auto")

    event = json.loads(line)
    assert list(event) == ["time", "level", "logger", "event", "room", "count"]
    assert event["level"] == "info"
    assert event["logger"] == "adapters.test"
    assert event["event"] == "hello"
    assert event["count"] == 2


def test_times_are_utc_in_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.time, "time", lambda: 1_800_000_000.1239)  # type: ignore[attr-defined]  # logging's own clock
    monkeypatch.setattr(logging.time, "time_ns", lambda: 1_800_000_000_123_900_000, raising=False)  # type: ignore[attr-defined]  # since 3.13

    assert json.loads(logged("hello"))["time"] == "2027-01-15T08:00:00.123Z"


def test_on_a_terminal_it_is_text_with_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)

    line = logged("hello", "auto", Terminal())

    assert "\x1b[" in line
    assert "hello" in line


def test_no_colours_where_they_are_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    assert "\x1b" not in logged("hello", "auto", Terminal())
    assert "\x1b" not in logged("hello", "text")


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_what_people_type_forges_no_line_and_no_colour(log_format: Format) -> None:
    text = logged(FORGED, log_format)

    assert len(text.splitlines()) == 1
    assert "\x1b" not in text
    assert "\\r\\nERROR all is lost\\u001b[31m\\u2028\\u0085" in text


def test_an_object_holds_exactly_what_was_said() -> None:
    assert json.loads(logged(FORGED))["room"] == FORGED


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_an_error_forges_no_line(log_format: Format) -> None:
    stream = io.StringIO()
    configure_logs("info", log_format, stream)

    try:
        raise ValueError(f"no such room{FORGED}")
    except ValueError:
        logging.getLogger("adapters.test").exception("It failed.")

    first, *rest = stream.getvalue().splitlines()
    assert "It failed." in first
    assert all(line.startswith("    ") for line in rest)
    assert "\x1b" not in stream.getvalue()


def test_an_error_is_one_field_without_local_variables() -> None:
    stream = io.StringIO()
    configure_logs("info", "json", stream)

    try:
        text = "what somebody wrote"
        raise ValueError(len(text))
    except ValueError:
        logging.getLogger("adapters.test").exception("It failed.")

    (line,) = stream.getvalue().splitlines()
    (exception,) = json.loads(line)["exception"]
    assert exception["exc_type"] == "ValueError"
    assert exception["frames"][0]["name"].startswith("test_an_error_is_one_field")
    assert "what somebody wrote" not in line


def test_passwords_and_tokens_are_not_shown() -> None:
    stream = io.StringIO()
    configure_logs("info", "json", stream)

    try:
        raise OSError("cannot reach postgresql://me:hunter2@db/chat")
    except OSError:
        logging.getLogger("adapters.test").exception(
            "GET /ws?token=hunter2",
            extra={"url": "redis://:hunter2@cache", "headers": {"Cookie": "s=hunter2"}},
        )

    assert "hunter2" not in stream.getvalue()


def test_the_request_is_named_where_there_is_one() -> None:
    token = request_id.set("0198f3")
    try:
        within = json.loads(logged("hello"))
    finally:
        request_id.reset(token)

    assert within["request_id"] == "0198f3"
    assert "request_id" not in json.loads(logged("hello"))


def test_libraries_speak_from_warnings_on() -> None:
    stream = io.StringIO()
    configure_logs("debug", "json", stream)

    logging.getLogger("sqlalchemy.engine").info("INSERT 'what somebody wrote'")
    logging.getLogger("sqlalchemy.engine").warning("the pool is empty")
    logging.getLogger("adapters.test").debug("a detail")

    events = [json.loads(line)["event"] for line in stream.getvalue().splitlines()]
    assert events == ["the pool is empty", "a detail"]


def test_what_a_terminal_cannot_show_does_not_stop_the_logs() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="latin-1")
    configure_logs("info", "text", stream)

    logging.getLogger("adapters.test").info("привет \ud800")

    stream.flush()
    assert b"\\u043f" in raw.getvalue()
