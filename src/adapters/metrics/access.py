"""Who may read the numbers. They name nobody, and still they are not for everybody: how many people
are here, and when, is the site's own business."""

import hmac

from aiohttp import web

from adapters.requests import FORWARDED, LOOPBACK, bearer_secret, is_trusted

_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10")
_NETWORKS = {"loopback": LOOPBACK, "private": (*LOOPBACK, *_PRIVATE)}


class Access:
    """`access` is "loopback", "private" or "public". A `token` opens to whoever has it, from
    anywhere; empty, to nobody."""

    def __init__(self, access: str, token: str) -> None:
        self._access = access
        self._token = token.encode()

    def admits(self, request: web.Request) -> bool:
        return self._access == "public" or self._is_near(request) or self._has_token(request)

    def _is_near(self, request: web.Request) -> bool:
        """By the connection itself, not by what it says of itself."""
        if any(header in request.headers for header in FORWARDED):
            return False
        peer = request.get_extra_info("peername")
        return isinstance(peer, tuple) and is_trusted(str(peer[0]), _NETWORKS[self._access])

    def _has_token(self, request: web.Request) -> bool:
        given = (bearer_secret(request) or "").encode(errors="surrogateescape")
        return bool(self._token) and hmac.compare_digest(given, self._token)
