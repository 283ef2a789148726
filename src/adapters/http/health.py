"""What a supervisor, a load balancer or an operator asks."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from adapters.http.answers import answer
from adapters.http.draining import Draining


class Health:
    def __init__(
        self,
        check: Callable[[], Awaitable[None]],
        notes: Callable[[], Mapping[str, str]],
        draining: Draining,
        version: str,
    ) -> None:
        """`check` raises a `DomainError` when the store does not answer; `notes` says what else
        is not as it should be."""
        self._check = check
        self._notes = notes
        self._draining = draining
        self._version = version

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/healthz", self.alive),
            web.get("/readyz", self.ready),
            web.get("/version", self.version),
        ]

    async def alive(self, request: web.Request) -> web.Response:
        """The process answers: restarting it would not help. Asks nobody else."""
        return answer(status="ok")

    async def ready(self, request: web.Request) -> web.Response:
        """Requests can be served, and not only for some seconds more; if not as well as they
        should where something is noted beside it. 503 otherwise."""
        self._draining.require_not_begun()
        await self._check()
        return answer(status="ok", **self._notes())

    async def version(self, request: web.Request) -> web.Response:
        return answer(name="besedka", version=self._version)
