"""Logs as operators read them: on a terminal as lines with colours, elsewhere as one JSON object
a line, which collectors can tell apart whatever is in it.

Everything that logs uses the standard library's `logging`, libraries included; what it says is
dressed here. Nothing that people typed may forge a line or a colour, and no password is shown.
"""

import json
import logging
import os
import traceback
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import Literal, TextIO

from structlog.dev import ConsoleRenderer
from structlog.processors import ExceptionRenderer, JSONRenderer
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from adapters.configuration.masking import masked

Level = Literal["debug", "info", "warning", "error"]
Format = Literal["auto", "text", "json"]

# Set for the time in which a request is handled; it is then in each line that is logged.
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

# Libraries speak from warnings on, whatever the level: at "debug" SQLAlchemy and aiosqlite would
# show every statement with its parameters, and so what people wrote.
OWN_LOGGERS = ("adapters", "application", "bootstrap", "__main__", "aiohttp.access")

_SECRET = frozenset({"password", "secret", "token", "cookie", "authorization", "set-cookie"})

_CONTROLS = {
    **{code: f"\\u{code:04x}" for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)},
    **{ord(control): name for control, name in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))},
}


def configure_logs(level: Level, log_format: Format, stream: TextIO) -> None:
    """Send all logs to the stream, in place of where they went before. `auto` is text on a
    terminal, where a person reads."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")  # No name may make logging fail.
    text = is_text(log_format, stream)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_text_formatter(stream) if text else _json_formatter())
    threshold = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(handlers=[handler], level=max(threshold, logging.WARNING), force=True)
    for name in OWN_LOGGERS:
        logging.getLogger(name).setLevel(threshold)


def is_text(log_format: Format, stream: TextIO) -> bool:
    return log_format == "text" or (log_format == "auto" and stream.isatty())


def _text_formatter(stream: TextIO) -> logging.Formatter:
    colors = stream.isatty() and not os.environ.get("NO_COLOR")
    renderer = ConsoleRenderer(
        colors=colors,
        force_colors=colors,
        sort_keys=False,
        timestamp_key="time",
        exception_formatter=_write_traceback,
    )
    return _formatter(_clean(_escaped), renderer)


def _json_formatter() -> logging.Formatter:
    transformer = ExceptionDictTransformer(show_locals=False)  # They hold passwords and texts.
    return _formatter(
        ExceptionRenderer(transformer),
        _clean(masked),
        JSONRenderer(serializer=_one_line, ensure_ascii=False),
    )


def _formatter(*processors: Processor) -> logging.Formatter:
    # As `foreign`: everything comes from the standard library.
    return ProcessorFormatter(processors=[_head, *processors], foreign_pre_chain=[ExtraAdder()])


def _head(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """When, how bad, who, what, for which request; then what the caller added."""
    record: logging.LogRecord = event.pop("_record")
    del event["_from_structlog"]
    time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    head: EventDict = {
        "time": time.replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": event.pop("event"),
    }
    if current := request_id.get():
        head["request_id"] = current
    return {**head, **event}


def _clean(clean: Callable[[str], str]) -> Processor:
    def process(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        return {
            key: value if key == "exc_info" else _cleaned(value, clean, key)
            for key, value in event.items()
        }

    return process


def _cleaned(value: object, clean: Callable[[str], str], key: str = "") -> object:
    if key.lower() in _SECRET:
        return "***"
    if isinstance(value, Mapping):
        return {str(name): _cleaned(each, clean, str(name)) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned(each, clean) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return clean(str(value))


def _escaped(text: str) -> str:
    return masked(text).translate(_CONTROLS)


def _one_line(event: object, **options: object) -> str:
    # JSON leaves U+0085 and U+2028 as they are, and some readers end a line there.
    return json.dumps(event, **options).translate(_CONTROLS)  # type: ignore[arg-type]  # as given


def _write_traceback(stream: TextIO, exc_info: ExcInfo) -> None:
    """Indented, so that a line break in an error's text does not start a line of the log."""
    lines = "".join(traceback.format_exception(*exc_info)).splitlines()
    stream.writelines(f"\n    {_escaped(line)}" for line in lines)
