"""How connections are read, before anything in them is a request."""

import logging
from typing import Any

from aiohttp.http_exceptions import HttpProcessingError

KEEPALIVE_SECONDS = 25.0

_log = logging.getLogger(__name__)


class _NotHttp(logging.Filter):
    """What is no HTTP is the sender's mistake: a line, and not an error with a stack, with which
    anybody could fill the disk."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], HttpProcessingError):
            record.levelno, record.levelname = logging.DEBUG, "DEBUG"
            record.exc_info = None
            return _log.isEnabledFor(logging.DEBUG)
        return True


_not_http = _NotHttp()


def connection_options() -> dict[str, Any]:  # Any: arguments of aiohttp's, each of its own type.
    """For `handler_args` of an application."""
    _log.addFilter(_not_http)  # Adding it again changes nothing.
    return {
        "logger": _log,
        # Also the time that somebody may take to send the headers of their first request:
        # half-sent ones do not pile up (Slowloris).
        "keepalive_timeout": KEEPALIVE_SECONDS,
        "auto_decompress": False,  # Nobody compresses so little, but bombs come compressed.
        "access_log": None,  # RequestLog writes it: there the request's id is known.
    }
