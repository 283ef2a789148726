"""The guard against other sites that make a visitor's browser write here (CSRF)."""

import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.requests import CrossSite, bearer_secret, is_cookie_request, require_same_origin

_SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
_log = logging.getLogger(__name__)


class SameOrigin:
    """Middleware: whatever changes something must come from a page of this site, unless it
    carries a bearer token.

    A program without a session may sign in and register by JSON without saying where it comes
    from; a browser always says, and cannot be made to send JSON to another site.
    """

    def __init__(self, public_url: str | None) -> None:
        self._public_url = public_url

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method not in _SAFE and _must_be_ours(request):
            try:
                require_same_origin(request, self._public_url)
            except CrossSite:
                self._explain(request)
                raise
        return await handler(request)

    def _explain(self, request: web.Request) -> None:
        """Behind a proxy that ends TLS this is the first thing to go wrong: say what to set."""
        own = self._public_url or f"{request.scheme}://{request.host}"
        origin = request.headers.get("Origin", "none")
        _log.warning(
            "refused as cross-site: Origin %r, own origin %r (public_url or trusted_proxies "
            "of the configuration decide it)",
            origin,
            own,
        )


def _must_be_ours(request: web.Request) -> bool:
    if bearer_secret(request) is not None:
        return False
    by_browser = "Origin" in request.headers or "Sec-Fetch-Site" in request.headers
    return by_browser or is_cookie_request(request) or not request.path.startswith("/api/")
