"""Sessions as browsers hold them: in a cookie that no script can read and no other site sends."""

import contextlib
from datetime import timedelta

from aiohttp import web

from adapters.requests import identify, session_cookie
from application.chat import Chat
from application.use_cases.authenticate import Identity
from application.use_cases.open_session import SignedIn
from domain.errors import NotSignedIn, SessionNotFound


class SessionCookies:
    def __init__(self, chat: Chat, *, life: timedelta, secure: bool) -> None:
        self._chat = chat
        self._life = life
        self._secure = secure

    async def find(self, request: web.Request) -> Identity | None:
        """Who is signed in, if anybody is."""
        try:
            return await identify(self._chat, request)
        except NotSignedIn:
            return None

    async def start(
        self, request: web.Request, response: web.StreamResponse, signed_in: SignedIn
    ) -> None:
        """Hand the new session to the browser. The one it had before ends, so that nobody who
        knew that one is signed in now (session fixation)."""
        await self._end_former(request)
        response.set_cookie(
            session_cookie(request),
            signed_in.secret,
            max_age=int(self._life.total_seconds()),
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self._secure,
        )

    async def end(self, identity: Identity) -> None:
        """End the session that the request came with. One that ended meanwhile is fine."""
        with contextlib.suppress(SessionNotFound):
            await self._chat.end_sessions(identity.user, session_id=identity.session.id)

    def drop(self, request: web.Request, response: web.StreamResponse) -> None:
        """Make the browser forget. The attributes are those of setting it: without `Secure` no
        browser lets a `__Host-` cookie be touched."""
        response.del_cookie(
            session_cookie(request), path="/", httponly=True, samesite="Lax", secure=self._secure
        )

    async def _end_former(self, request: web.Request) -> None:
        secret = request.cookies.get(session_cookie(request))
        if secret:
            with contextlib.suppress(NotSignedIn):
                await self.end(await self._chat.authenticate(secret))


def device(request: web.Request) -> str:
    """How the client calls itself, in characters that can be shown and stored."""
    name = request.headers.get("User-Agent", "")[:200]
    return "".join(each if each.isprintable() else " " for each in name)
