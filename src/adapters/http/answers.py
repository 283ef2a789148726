"""JSON answers and the parts of a request's address that name things."""

import re

from aiohttp import web

from adapters import requests, wire
from domain.errors import InvalidField, MessageNotFound
from domain.ids import RoomId, SessionId

_NUMBER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def answer(status: int = 200, /, **fields: object) -> web.Response:
    """The fields as one JSON object, named as on the sockets."""
    return web.Response(
        body=wire.encode(fields), status=status, content_type="application/json", charset="utf-8"
    )


def no_content() -> web.Response:
    return web.Response(status=204)


def room_id(request: web.Request) -> RoomId:
    """Raises `RoomNotFound`."""
    return requests.room_id(request.match_info["room"])


def session_id(request: web.Request) -> SessionId:
    """Raises `SessionNotFound`."""
    return requests.session_id(request.match_info["session"])


def token_id(request: web.Request) -> SessionId:
    """Raises `TokenNotFound`."""
    return requests.token_id(request.match_info["token"])


def seq(request: web.Request) -> int:
    """Raises `MessageNotFound`. Beyond 2^53 JavaScript could not tell two numbers apart."""
    value = request.match_info["seq"]
    if not _NUMBER.fullmatch(value) or not 0 < int(value) < 2**53:
        raise MessageNotFound
    return int(value)


def query_number(request: web.Request, name: str) -> int | None:
    """Raises `InvalidField`. None where it was left out."""
    value = request.query.get(name)
    if value is None:
        return None
    if not _NUMBER.fullmatch(value):
        raise InvalidField(name, "must be a whole number")
    return int(value)
