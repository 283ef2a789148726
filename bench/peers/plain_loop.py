"""A chat as the aiohttp documentation would have it: one INSERT, then a send to each.

It stores durably, as Besedka does (SQLite, WAL, synchronous=FULL), and delivers the same text to
the same people. No sign-in, no rooms, no unread counts: everything else is left out.
"""

import json
import sys
from collections.abc import AsyncIterator

import aiosqlite
from aiohttp import WSMsgType, web


async def main_page(request: web.Request) -> web.Response:
    return web.Response(text="ready")


async def talk(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    sockets, database = request.app["sockets"], request.app["database"]
    sockets.add(socket)
    try:
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            asked = json.loads(frame.data)
            if asked["type"] == "hello":
                await socket.send_str('{"id":0,"type":"hello"}')
                continue
            cursor = await database.execute(
                "INSERT INTO messages (room, key, text) VALUES (?, ?, ?)",
                (asked["room"], asked["key"], asked["text"]),
            )
            await database.commit()
            message = {"room": asked["room"], "seq": cursor.lastrowid, "text": asked["text"]}
            text = json.dumps({"type": "message", "message": message})
            for other in tuple(sockets):
                await other.send_str(text)
            await socket.send_str(f'{{"id":{asked["id"]},"type":"ok","seq":{cursor.lastrowid}}}')
    finally:
        sockets.discard(socket)
    return socket


async def store(app: web.Application) -> AsyncIterator[None]:
    async with aiosqlite.connect(sys.argv[2]) as database:
        await database.execute("PRAGMA journal_mode=WAL")
        await database.execute("PRAGMA synchronous=FULL")
        await database.execute(
            "CREATE TABLE messages (id INTEGER PRIMARY KEY, room TEXT, key TEXT UNIQUE, text TEXT)"
        )
        app["database"] = database
        yield


app = web.Application()
app["sockets"] = set()
app.cleanup_ctx.append(store)
app.add_routes([web.get("/readyz", main_page), web.get("/ws", talk)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
