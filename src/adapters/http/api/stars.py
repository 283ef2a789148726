"""/api/v1/…/star and /api/v1/starred: what one keeps for oneself."""

from aiohttp import web

from adapters import wire
from adapters.http.answers import answer, no_content, query_number, room_id, seq
from adapters.requests import identify
from application.chat import Chat


class StarApi:
    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    def routes(self) -> list[web.RouteDef]:
        path = "/api/v1/rooms/{room}/messages/{seq}/star"
        return [
            web.put(path, self.star),
            web.delete(path, self.unstar),
            web.get("/api/v1/starred", self.starred),
        ]

    async def star(self, request: web.Request) -> web.Response:
        actor, room = (await identify(self._chat, request)).user, room_id(request)
        await self._chat.star_message(actor, room_id=room, seq=seq(request))
        return no_content()

    async def unstar(self, request: web.Request) -> web.Response:
        actor, room = (await identify(self._chat, request)).user, room_id(request)
        await self._chat.unstar_message(actor, room_id=room, seq=seq(request))
        return no_content()

    async def starred(self, request: web.Request) -> web.Response:
        """The latest starred first; `before` is what an answer gave as `next`."""
        actor = (await identify(self._chat, request)).user
        limit = query_number(request, "limit")
        found = await self._chat.list_starred(
            actor, before=request.query.get("before", ""), limit=20 if limit is None else limit
        )
        return answer(**await wire.starred_fields(found, reader=actor.id))
