"""Refusals as HTTP says them (RFC 9457): the domain's by their category, aiohttp's by status."""

import math
from http import HTTPStatus

import msgspec
from aiohttp import web

from adapters import wire
from domain.errors import Category, DomainError, InvalidField

STATUS = {
    Category.INVALID: 422,
    Category.UNAUTHENTICATED: 401,
    Category.FORBIDDEN: 403,
    Category.NOT_FOUND: 404,
    Category.CONFLICT: 409,
    Category.TOO_MANY_REQUESTS: 429,
    Category.UNAVAILABLE: 503,
}

# As RFC 9110 calls them; which names Python knows depends on its version.
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}

_CODES = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    413: "too_large",
    415: "unsupported_media_type",
    417: "expectation_failed",
}


class Problem(msgspec.Struct, omit_defaults=True):
    """RFC 9457. The type is always about:blank: `code` is what programs compare, and there is no
    page about each. `errors` are by field, `retry_after` is in seconds."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    category: str
    temporary: bool
    errors: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    retry_after: float | msgspec.UnsetType = msgspec.UNSET

    def as_response(self) -> web.Response:
        return web.Response(
            body=wire.encode(self),
            status=self.status,
            headers=headers_of(self),
            content_type="application/problem+json",
        )


def of_domain(error: DomainError) -> Problem:
    status = STATUS[error.category]
    body = _problem(status, error.message, error.code, error.category)
    body.temporary = error.temporary
    if error.field:
        reason = error.reason if isinstance(error, InvalidField) else error.message
        body.errors = {error.field: reason}
    if error.retry_after is not None:
        body.retry_after = error.retry_after
    return body


def of_http(error: web.HTTPException) -> Problem:
    """Whatever aiohttp itself refuses; what it says is kept only where this code wrote it."""
    status = error.status
    said = error.text or ""
    detail = _title(status) if said.startswith(f"{status}: ") else said
    category = Category.NOT_FOUND if status == 404 else Category.INVALID
    return _problem(status, f"{detail.rstrip('.')}.", _CODES.get(status, "refused"), category)


def internal() -> Problem:
    """A mistake of ours. Its details are in the log, under the request's id, and nowhere else."""
    body = _problem(500, "Something went wrong on our side.", "internal", Category.UNAVAILABLE)
    body.temporary = True
    return body


def headers_of(body: Problem) -> dict[str, str]:
    """What a refusal says in headers."""
    if body.status in {429, 503}:
        seconds = 1.0 if body.retry_after is msgspec.UNSET else body.retry_after
        return {"Retry-After": str(max(1, math.ceil(seconds)))}
    if body.status == 401:
        return {"WWW-Authenticate": 'Bearer realm="besedka"'}  # RFC 9110, §11.6.1.
    return {}


def _problem(status: int, detail: str, code: str, category: Category) -> Problem:
    return Problem(
        type="about:blank",
        title=_title(status),
        status=status,
        detail=detail,
        code=code,
        category=category,
        temporary=False,
    )


def _title(status: int) -> str:
    return _TITLES.get(status) or HTTPStatus(status).phrase
