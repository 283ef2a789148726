"""/api/v1/rooms: the directory, and each room."""

import msgspec
from aiohttp import web

from adapters import wire
from adapters.http.answers import answer, no_content, query_number, room_id
from adapters.http.bodies import read_json
from adapters.requests import identify
from application.chat import Chat
from domain.room import checked_topic


class NewRoom(msgspec.Struct):
    name: str
    topic: str = ""
    visibility: str = "public"


class RoomChange(msgspec.Struct):
    """What is left out stays."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    topic: str | msgspec.UnsetType = msgspec.UNSET


class ReadUpTo(msgspec.Struct):
    seq: int


class RoomApi:
    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/v1/rooms", self.directory),
            web.post("/api/v1/rooms", self.create),
            # Before the routes of a room's parts, that {name} may be called as one of them.
            web.get("/api/v1/rooms/by-name/{name}", self.named),
            web.get("/api/v1/rooms/{room}", self.show),
            web.patch("/api/v1/rooms/{room}", self.change),
            web.delete("/api/v1/rooms/{room}", self.archive),
            web.put("/api/v1/rooms/{room}/read", self.read),
        ]

    async def directory(self, request: web.Request) -> web.Response:
        """By name, from `after` on; `more` says whether the directory goes on."""
        identity = await identify(self._chat, request)
        limit = query_number(request, "limit")
        found = await self._chat.list_rooms(
            identity.user,
            query=request.query.get("query", ""),
            after=request.query.get("after", ""),
            limit=50 if limit is None else limit,
        )
        return answer(rooms=[wire.room_body(each) for each in found.rooms], more=found.more)

    async def create(self, request: web.Request) -> web.Response:
        identity = await identify(self._chat, request)
        body = await read_json(request, NewRoom)
        summary = await self._chat.create_room(identity.user, **msgspec.structs.asdict(body))
        response = answer(201, room=wire.room_body(summary))
        response.headers["Location"] = f"/api/v1/rooms/{summary.room.id}"
        return response

    async def named(self, request: web.Request) -> web.Response:
        identity = await identify(self._chat, request)
        summary = await self._chat.get_room.named(identity.user, request.match_info["name"])
        return answer(room=wire.room_body(summary))

    async def show(self, request: web.Request) -> web.Response:
        identity = await identify(self._chat, request)
        summary = await self._chat.get_room(identity.user, room_id=room_id(request))
        return answer(room=wire.room_body(summary))

    async def change(self, request: web.Request) -> web.Response:
        """Another name, another topic, or both."""
        actor, room = (await identify(self._chat, request)).user, room_id(request)
        body = await read_json(request, RoomChange)
        if body.topic is not msgspec.UNSET:
            checked_topic(body.topic)  # So that a bad one does not leave the rename half of it.
        if body.name is not msgspec.UNSET:
            await self._chat.rename_room(actor, room_id=room, name=body.name)
        if body.topic is not msgspec.UNSET:
            await self._chat.set_topic(actor, room_id=room, topic=body.topic)
        return answer(room=wire.room_body(await self._chat.get_room(actor, room_id=room)))

    async def archive(self, request: web.Request) -> web.Response:
        identity = await identify(self._chat, request)
        await self._chat.archive_room(identity.user, room_id=room_id(request))
        return no_content()

    async def read(self, request: web.Request) -> web.Response:
        """Move the read position, only ever forward."""
        identity = await identify(self._chat, request)
        room, body = room_id(request), await read_json(request, ReadUpTo)
        position = await self._chat.mark_read(identity.user, room_id=room, seq=body.seq)
        unread = position.unread
        return answer(read=position.read, unread=unread.posts, mentions=unread.mentions)
