"""A word to the visitor that survives one redirect."""

from aiohttp import web

COOKIE = "besedka_flash"
SECONDS = 60

# Only these can be said. Were the text itself in the cookie, whoever can plant a cookie could
# put words into our mouth.
LEVELS = {"hello": "success", "signed_out": "info", "sign_in_first": "info"}


class Flashes:
    def __init__(self, *, secure: bool) -> None:
        self._secure = secure

    def put(self, response: web.StreamResponse, key: str) -> None:
        """Say it on the next page."""
        assert key in LEVELS
        response.set_cookie(
            COOKIE,
            key,
            max_age=SECONDS,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self._secure,
        )

    def find(self, request: web.Request) -> str | None:
        key = request.cookies.get(COOKIE)
        return key if key in LEVELS else None

    def drop(self, request: web.Request, response: web.StreamResponse) -> None:
        """It was said; once is enough."""
        if COOKIE in request.cookies:
            response.del_cookie(
                COOKIE, path="/", httponly=True, samesite="Lax", secure=self._secure
            )
