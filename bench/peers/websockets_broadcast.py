"""A chat on `websockets`: what one says goes to all by its broadcast(), and is stored nowhere.

websockets_broadcast.py PORT
"""

import asyncio
import json
import sys
from http import HTTPStatus

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.http11 import Request, Response

room: set[ServerConnection] = set()


async def talk(socket: ServerConnection) -> None:
    room.add(socket)
    try:
        async for frame in socket:
            said = json.loads(frame)
            if said["type"] == "hello":
                await socket.send('{"id":0,"type":"hello"}')
                continue
            broadcast(room, json.dumps({"type": "message", "message": said}))
            await socket.send(f'{{"id":{said["id"]},"type":"ok"}}')
    finally:
        room.discard(socket)


def ready(socket: ServerConnection, request: Request) -> Response | None:
    return socket.respond(HTTPStatus.OK, "ready") if request.path == "/readyz" else None


async def main() -> None:
    port = int(sys.argv[1])
    async with serve(
        talk,
        "127.0.0.1",
        port,
        compression=None,
        ping_interval=None,  # The crowd answers no pings.
        process_request=ready,
    ) as server:
        await server.serve_forever()


asyncio.run(main())
