"""/api/v1/tokens: what people make for their programs to act in their name."""

import msgspec
from aiohttp import web

from adapters import wire
from adapters.http.answers import answer, no_content, token_id
from adapters.http.bodies import read_json
from adapters.requests import identify_in_person
from application.chat import Chat
from domain.session import Session


class TokenRequest(msgspec.Struct):
    name: str
    expires_in_days: int | None = None


class TokenBody(msgspec.Struct, omit_defaults=True):
    """`seen_at` is when it was last used, at first when it was made."""

    id: str
    name: str | None
    created_at: str
    seen_at: str
    expires_at: str | msgspec.UnsetType = msgspec.UNSET


class TokenApi:
    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/v1/tokens", self.create),
            web.get("/api/v1/tokens", self.list),
            web.delete("/api/v1/tokens/{token}", self.end),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """201, with the secret, which nobody is told again."""
        identity = await identify_in_person(self._chat, request)
        body = await read_json(request, TokenRequest)
        made = await self._chat.create_token(
            identity.user,
            session_id=identity.session.id,
            name=body.name,
            expires_in_days=body.expires_in_days,
        )
        return answer(201, token=token_body(made.token), secret=made.secret)

    async def list(self, request: web.Request) -> web.Response:
        """The latest seen first."""
        identity = await identify_in_person(self._chat, request)
        tokens = await self._chat.list_tokens(identity.user)
        return answer(tokens=[token_body(each) for each in tokens])

    async def end(self, request: web.Request) -> web.Response:
        identity = await identify_in_person(self._chat, request)
        await self._chat.end_token(identity.user, token_id=token_id(request))
        return no_content()


def token_body(token: Session) -> TokenBody:
    return TokenBody(
        id=token.id,
        name=token.name,
        created_at=wire.time_text(token.created_at),
        seen_at=wire.time_text(token.seen_at),
        expires_at=wire.time_text(token.expires_at) if token.expires_at else msgspec.UNSET,
    )
