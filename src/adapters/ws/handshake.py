"""How a request becomes a socket (RFC 6455, §4.2), and leaves the HTTP library's hands."""

import asyncio
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha1
from http import HTTPStatus

from aiohttp import hdrs, web
from aiohttp.http_websocket import WS_KEY

from adapters.ws.socket import Socket


async def shake_hands(request: web.Request) -> web.StreamResponse:
    """Switch protocols; no extension is agreed to. Raises `HTTPBadRequest` for what is no
    handshake, `ConnectionError` if the client is gone."""
    if not web.WebSocketResponse().can_prepare(request):
        raise web.HTTPBadRequest(text="This address is for WebSockets, version 13.")
    key = request.headers[hdrs.SEC_WEBSOCKET_KEY].encode()
    response = web.StreamResponse(status=HTTPStatus.SWITCHING_PROTOCOLS)
    response.headers[hdrs.UPGRADE] = "websocket"
    response.headers[hdrs.CONNECTION] = "upgrade"
    response.headers[hdrs.SEC_WEBSOCKET_ACCEPT] = b64encode(sha1(key + WS_KEY).digest()).decode()
    await response.prepare(request)
    return response


def take_over(request: web.Request, make: Callable[[asyncio.Transport], Socket]) -> Socket:
    """The socket behind a request that was answered with 101. For the library its connection is
    over, so that nothing of the request lives as long as the socket does. Raises
    `ConnectionResetError`."""
    http = request.protocol
    transport = http.transport
    if transport is None or transport.is_closing():
        raise ConnectionResetError("gone during the handshake")
    socket = make(transport)
    # Here it hands over what came right behind the request.
    http.set_parser(socket)  # type: ignore[arg-type]  # Of a parser it needs no more than that.
    transport.set_protocol(socket)
    http.transport = None  # Or the end would close it.
    http.connection_lost(None)
    return socket
