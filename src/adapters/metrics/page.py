from aiohttp import web

from adapters.metrics.access import Access
from adapters.metrics.exposition import Exposition
from adapters.metrics.sampling import Sampling

_REFUSAL = (
    "These numbers are not for everybody: metrics.access and metrics.token say who may read them."
)


class MetricsPage:
    """`GET /metrics`."""

    def __init__(self, access: Access, sampling: Sampling, exposition: Exposition) -> None:
        self._access = access
        self._sampling = sampling
        self._exposition = exposition

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/metrics", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        if not self._access.admits(request):
            raise web.HTTPForbidden(text=_REFUSAL)
        self._sampling.look()
        body, content_type = self._exposition(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": content_type})
