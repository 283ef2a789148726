"""One line for each request, under an id that its answer and every other line about it carry."""

import asyncio
import logging
import re
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.logs import request_id
from adapters.requests import is_trusted

REQUEST_ID = web.RequestKey("request_id", str)

# What is asked every few seconds, or many times for a page, would drown the rest.
_QUIET = ("/healthz", "/readyz", "/metrics", "/static/", "/favicon.ico")
_ID = re.compile(r"[\w.\-]{1,64}", re.ASCII)
_log = logging.getLogger(__name__)


class RequestLog:
    """The outermost middleware. Query strings are left out: they may carry secrets."""

    def __init__(self, new_id: Callable[[], str], trusted_proxies: tuple[str, ...]) -> None:
        self._new_id = new_id
        self._trusted_proxies = trusted_proxies

    @web.middleware
    async def record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        request[REQUEST_ID] = self._id_of(request)
        request_id.set(request[REQUEST_ID])
        started = asyncio.get_running_loop().time()
        try:
            response = await handler(request)
        except web.HTTPException as redirect:
            self._write(request, redirect.status, started)
            raise
        self._write(request, response.status, started)
        return response

    def _id_of(self, request: web.Request) -> str:
        """A proxy's own id joins its log to ours; from anybody else it could fake another's."""
        given = request.headers.get("X-Request-Id", "")
        if is_trusted(request.remote or "", self._trusted_proxies) and _ID.fullmatch(given):
            return given
        return self._new_id()

    def _write(self, request: web.Request, status: int, started: float) -> None:
        path = request.rel_url.raw_path  # Escaped: no line break in it can forge a line.
        fields = {
            "method": request.method,
            "path": path,
            "status": status,
            "ms": round((asyncio.get_running_loop().time() - started) * 1000, 1),
            "request_id": request[REQUEST_ID],
        }
        level = logging.DEBUG if path.startswith(_QUIET) else logging.INFO
        _log.log(level, "%s %s %d", request.method, path, status, extra=fields)
