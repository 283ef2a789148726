"""The `Expect` header (RFC 9110, §10.1.1): 100-continue, or the request is refused.

aiohttp answers it before any middleware, and would fail on one that is not even text. Here only
the interim answer is given so early; what cannot be met is refused where all else is.
"""

from collections.abc import Iterable

from aiohttp import HttpVersion11, web
from aiohttp.typedefs import Handler

_CONTINUE = "100-continue"


def expecting(routes: Iterable[web.RouteDef]) -> list[web.RouteDef]:
    """The routes, for requests that expect something. To be used with `refuse_unmet`."""
    return [
        web.RouteDef(each.method, each.path, each.handler, {**each.kwargs, **_OPTIONS})
        for each in routes
    ]


@web.middleware
async def refuse_unmet(request: web.Request, handler: Handler) -> web.StreamResponse:
    if _expected(request) not in {"", _CONTINUE}:
        raise web.HTTPExpectationFailed(text="Expect can be 100-continue only.")
    return await handler(request)


async def _answer(request: web.Request) -> None:
    if _expected(request) == _CONTINUE:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # The answer itself has not begun.


def _expected(request: web.Request) -> str:
    if request.version < HttpVersion11:
        return ""  # An older client cannot mean it.
    return request.headers.get("Expect", "").lower()


_OPTIONS = {"expect_handler": _answer}
