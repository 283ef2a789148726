"""Reading what was sent: strict about types, and never longer than the sender deserves."""

import asyncio
import re
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web

from domain.errors import InvalidField

# A body that drips in for longer would hold its handler for ever (slow-body attacks).
SECONDS_TO_SEND = 30

_FIELD = re.compile(r"field `(\w+)`|at `\$\.(\w+)")
_MOST_FIELDS = 20
_Body = TypeVar("_Body", bound=msgspec.Struct)


async def read_json(request: web.Request, shape: type[_Body], *, optional: bool = False) -> _Body:
    """The body as `shape`; with `optional`, nothing at all counts as an empty object.

    Raises `InvalidField` for fields that are missing or of a wrong type, and aiohttp's 400, 408,
    413, 415. The type is required, as it keeps other sites' forms out: those cannot send JSON.
    """
    if optional and not request.body_exists:
        return msgspec.convert({}, shape)
    data = await _read(request, "application/json")
    try:
        return msgspec.json.decode(data, type=shape)
    except msgspec.ValidationError as error:
        raise _wrong_field(str(error)) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise web.HTTPBadRequest(text="The body is not JSON.") from error


async def read_form(request: web.Request) -> dict[str, str]:
    """The fields of a submitted form. Raises aiohttp's 400, 408, 413, 415."""
    data = await _read(request, "application/x-www-form-urlencoded")
    try:
        pairs = parse_qsl(
            data.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        raise web.HTTPBadRequest(text="The form cannot be read.") from error
    return dict(pairs)


async def _read(request: web.Request, content_type: str) -> bytes:
    if request.content_type != content_type:
        raise web.HTTPUnsupportedMediaType(text=f"Send {content_type}.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise web.HTTPUnsupportedMediaType(text="Send it uncompressed.")  # Nor are there bombs.
    try:
        async with asyncio.timeout(SECONDS_TO_SEND):
            return await request.read()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout(text="The body did not arrive.") from error
    except web.RequestPayloadError as error:
        raise web.HTTPBadRequest(text="The body is broken off or badly framed.") from error


def _wrong_field(message: str) -> InvalidField:
    """From "Object missing required field `text`" or "Expected `str`, got `int` - at `$.text`"."""
    found = _FIELD.search(message)
    if found is None:
        return InvalidField("body", "must be an object", code="body_invalid")
    if found[1]:
        return InvalidField(found[1], "is required")
    reason, _, _ = message.partition(" - at ")
    return InvalidField(found[2], reason[0].lower() + reason[1:].replace("`", ""))
