"""/api/v1/session and /sessions: signing in and out, here and on other devices."""

import msgspec
from aiohttp import web

from adapters import wire
from adapters.http.answers import answer, no_content, session_id
from adapters.http.api.tokens import token_body
from adapters.http.bodies import read_json
from adapters.http.session_cookies import SessionCookies, device
from adapters.requests import counted_address, identify, identify_in_person
from application.chat import Chat
from application.use_cases.authenticate import Identity
from domain.session import Session


class Credentials(msgspec.Struct):
    username: str
    password: str


class SessionBody(msgspec.Struct):
    """`device` is what the client called itself. `current`: the asker's own."""

    id: str
    device: str
    created_at: str
    seen_at: str
    current: bool


class SessionApi:
    def __init__(self, chat: Chat, sessions: SessionCookies) -> None:
        self._chat = chat
        self._sessions = sessions

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/v1/session", self.sign_in),
            web.get("/api/v1/session", self.who_am_i),
            web.delete("/api/v1/session", self.sign_out),
            web.get("/api/v1/sessions", self.list),
            web.delete("/api/v1/sessions", self.end_others),
            web.delete("/api/v1/sessions/{session}", self.end),
        ]

    async def sign_in(self, request: web.Request) -> web.Response:
        body = await read_json(request, Credentials)
        signed_in = await self._chat.sign_in(
            username=body.username,
            password=body.password,
            device=device(request),
            address=counted_address(request),
        )
        response = answer(user=wire.user_body(signed_in.user.person))
        await self._sessions.start(request, response, signed_in)
        return response

    async def who_am_i(self, request: web.Request) -> web.Response:
        identity = await identify(self._chat, request)
        user = wire.user_body(identity.user.person)
        if identity.session.is_token:
            return answer(user=user, token=token_body(identity.session))
        return answer(user=user, session=_body(identity.session, identity))

    async def sign_out(self, request: web.Request) -> web.Response:
        identity = await identify_in_person(self._chat, request)
        await self._sessions.end(identity)
        response = no_content()
        self._sessions.drop(request, response)
        return response

    async def list(self, request: web.Request) -> web.Response:
        """The latest seen first."""
        identity = await identify_in_person(self._chat, request)
        sessions = await self._chat.list_sessions(identity.user)
        return answer(sessions=[_body(each, identity) for each in sessions])

    async def end(self, request: web.Request) -> web.Response:
        identity = await identify_in_person(self._chat, request)
        await self._chat.end_sessions(identity.user, session_id=session_id(request))
        return no_content()

    async def end_others(self, request: web.Request) -> web.Response:
        """Says how many they were."""
        identity = await identify_in_person(self._chat, request)
        ended = await self._chat.end_sessions.all_but(identity.user, kept=identity.session.id)
        return answer(ended=ended)


def _body(session: Session, identity: Identity) -> SessionBody:
    return SessionBody(
        id=session.id,
        device=session.device,
        created_at=wire.time_text(session.created_at),
        seen_at=wire.time_text(session.seen_at),
        current=session.id == identity.session.id,
    )
