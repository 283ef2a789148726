"""A node that is about to stop says so, and lets go of those who would ask it again."""

from http import HTTPStatus

from aiohttp import hdrs, web

from domain.errors import ShuttingDown


class Draining:
    """Once it has begun, `/readyz` sends proxies elsewhere, and each answer is the last of its
    connection: on one that is kept, the next request would meet a closed door."""

    def __init__(self) -> None:
        self.has_begun = False

    def begin(self) -> None:
        self.has_begun = True

    def require_not_begun(self) -> None:
        """Raises `ShuttingDown`."""
        if self.has_begun:
            raise ShuttingDown

    async def close_after(self, request: web.Request, response: web.StreamResponse) -> None:
        """For `on_response_prepare`, which comes when the headers are complete, and not sent."""
        if self.has_begun and response.status != HTTPStatus.SWITCHING_PROTOCOLS:
            response.force_close()
            response.headers[hdrs.CONNECTION] = "close"
