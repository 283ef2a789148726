"""The edge where everything that went wrong becomes an answer: a problem for programs, a page for
people, and for neither of them a traceback."""

import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.http import problems
from adapters.http.problems import Problem
from adapters.http.request_log import REQUEST_ID
from adapters.http.views import Views
from domain.errors import DomainError, Unavailable

_FOR_PROGRAMS = ("/api/", "/ws", "/healthz", "/readyz", "/version", "/metrics")
CLIENT_CLOSED_REQUEST = 499  # As nginx calls it.

_log = logging.getLogger(__name__)


class Refusals:
    def __init__(self, views: Views) -> None:
        self._views = views

    @web.middleware
    async def answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except DomainError as error:
            if isinstance(error, Unavailable):
                _log.warning("%s: %s", error.code, error.__cause__ or error, extra=_about(request))
            return self._refuse(request, problems.of_domain(error))
        except web.HTTPException as error:
            if error.status < 400:
                raise
            response = self._refuse(request, problems.of_http(error))
            if "Allow" in error.headers:
                response.headers["Allow"] = error.headers["Allow"]
            return response
        except Exception as error:  # noqa: BLE001 - the edge: it is logged here, once
            if isinstance(error, ConnectionError) and _has_gone(request):
                return web.Response(status=CLIENT_CLOSED_REQUEST)  # For the log alone.
            _log.exception("unexpected error", extra=_about(request))
            return self._refuse(request, problems.internal())

    def _refuse(self, request: web.Request, problem: Problem) -> web.Response:
        if request.writer.output_size > 0 and request.transport is not None:
            # The answer had begun, or the socket was open. A second answer would be read as part
            # of the first, so nobody gets it: they see that the first one broke off.
            request.transport.close()
        if request.path.startswith(_FOR_PROGRAMS):
            return problem.as_response()
        return self._views.problem(request, problem)


def _has_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _about(request: web.Request) -> dict[str, str]:
    return {"request_id": request[REQUEST_ID]}
