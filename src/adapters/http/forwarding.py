"""What a trusted proxy says of the request that it passes on, made the request's own."""

import re

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.requests import client_address, is_trusted

_HOST = re.compile(r"[A-Za-z0-9.\-_]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?", re.ASCII)


class Forwarding:
    """Middleware. Everything behind it sees the scheme, host and address of the visitor, and from
    a peer that is not trusted nothing but what the connection itself tells."""

    def __init__(self, trusted_proxies: tuple[str, ...]) -> None:
        self._trusted_proxies = trusted_proxies

    @web.middleware
    async def unfold(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if is_trusted(request.remote or "", self._trusted_proxies):
            request = self._unfolded(request)
        return await handler(request)

    def _unfolded(self, request: web.Request) -> web.Request:
        scheme = _last(request, "X-Forwarded-Proto").lower()
        host = _last(request, "X-Forwarded-Host")
        try:
            return request.clone(
                scheme=scheme if scheme in {"http", "https"} else request.scheme,
                host=host if _HOST.fullmatch(host) else request.host,
                remote=client_address(request, self._trusted_proxies),
            )
        except ValueError as error:  # CONNECT, or an absolute address, with a host that is none.
            raise web.HTTPBadRequest(text="The host cannot be understood.") from error


def _last(request: web.Request, header: str) -> str:
    """The proxy nearest to us wrote the last one; those before may have come from the visitor."""
    values = request.headers.getall(header, [""])
    return values[-1].rpartition(",")[2].strip()
