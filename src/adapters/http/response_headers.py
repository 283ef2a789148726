"""Headers that every answer carries, whoever made it: defence where a page had a hole."""

from aiohttp import web

from adapters.http.request_log import REQUEST_ID

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class ResponseHeaders:
    """To be called as the headers of an answer are about to leave."""

    def __init__(self, *, secure: bool) -> None:
        self._headers = {
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            "X-Content-Type-Options": "nosniff",
            # Addresses of rooms are nobody else's business; with no-referrer browsers would send
            # `Origin: null` with our own forms.
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Server": "besedka",  # Not which library, and which version of it.
        }
        if secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def add(self, request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(self._headers)
        response.headers.setdefault("Cache-Control", "no-store")
        if request_id := request.get(REQUEST_ID):  # None where no middleware was reached.
            response.headers["X-Request-Id"] = request_id
