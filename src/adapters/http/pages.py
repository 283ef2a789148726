"""The chat itself: one page, whatever is shown in it. The web client takes it from there."""

from aiohttp import web

from adapters.http.local_path import with_next
from adapters.http.session_cookies import SessionCookies
from adapters.http.views import Views
from application.chat import Chat


class Pages:
    def __init__(self, chat: Chat, sessions: SessionCookies, views: Views) -> None:
        self._chat = chat
        self._sessions = sessions
        self._views = views

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/", self.chat), web.get("/rooms/{name}", self.chat)]

    async def chat(self, request: web.Request) -> web.Response:
        """Strangers sign in first and then get where they were going. Whether the room of the
        address exists is for the client to ask, which knows how to say it."""
        identity = await self._sessions.find(request)
        if identity is None:
            return await self._welcome(request)
        return self._views.page(request, "chat.html", user=identity.user)

    async def _welcome(self, request: web.Request) -> web.Response:
        wanted = request.rel_url.raw_path_qs
        if not await self._chat.is_site_claimed():  # Nobody could sign in.
            return self._views.redirect(with_next("/register", wanted))
        deep = request.path != "/"
        login = with_next("/login", wanted)
        return self._views.redirect(login, flash="sign_in_first" if deep else None)
