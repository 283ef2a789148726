"""JSON answers and the parts of a request's address that name things."""

import re

from aiohttp import web

from adapters import wire
from domain.errors import InvalidField, MessageNotFound, RoomNotFound, SessionNotFound
from domain.ids import RoomId, SessionId

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,18}", re.ASCII)


def answer(status: int = 200, /, **fields: object) -> web.Response:
    """The fields as one JSON object, named as on the sockets."""
    return web.Response(
        body=wire.encode(fields), status=status, content_type="application/json", charset="utf-8"
    )


def no_content() -> web.Response:
    return web.Response(status=204)


def room_id(request: web.Request) -> RoomId:
    """Raises `RoomNotFound`: what is no id is nobody's, and no store has to make sense of it."""
    value = request.match_info["room"]
    if not _UUID.fullmatch(value):
        raise RoomNotFound
    return RoomId(value)


def session_id(request: web.Request) -> SessionId:
    """Raises `SessionNotFound`."""
    value = request.match_info["session"]
    if not _UUID.fullmatch(value):
        raise SessionNotFound
    return SessionId(value)


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
