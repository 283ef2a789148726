"""/api/v1/search: what was said where."""

from aiohttp import web

from adapters import wire
from adapters.http.answers import answer, query_number
from adapters.requests import identify, room_id
from application.chat import Chat


class SearchApi:
    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/api/v1/search", self.search)]

    async def search(self, request: web.Request) -> web.Response:
        """`q`, and optionally `room`, `before` (what an answer gave as `next`) and `limit`."""
        actor = (await identify(self._chat, request)).user
        room, limit = request.query.get("room"), query_number(request, "limit")
        found = await self._chat.search_messages(
            actor,
            query=request.query.get("q", ""),
            room_id=room_id(room) if room else None,
            before=request.query.get("before", ""),
            limit=20 if limit is None else limit,
        )
        return answer(**await wire.found_fields(found, reader=actor.id))
