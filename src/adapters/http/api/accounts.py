"""/api/v1/users: people, and one's own account."""

import msgspec
from aiohttp import web

from adapters import wire
from adapters.http.answers import answer, no_content, query_number
from adapters.http.bodies import read_json
from adapters.http.session_cookies import SessionCookies, device
from adapters.http.this_machine import ThisMachine
from adapters.requests import counted_address, identify, identify_in_person
from application.chat import Chat
from domain.errors import InvalidField


class Registration(msgspec.Struct):
    username: str
    password: str
    email: str = ""
    display_name: str = ""
    setup: str = ""


class ProfileChange(msgspec.Struct):
    display_name: str


class PasswordChange(msgspec.Struct):
    current: str
    new: str


class AccountApi:
    def __init__(self, chat: Chat, sessions: SessionCookies, this_machine: ThisMachine) -> None:
        self._chat = chat
        self._sessions = sessions
        self._this_machine = this_machine

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/v1/users", self.register),
            web.get("/api/v1/users", self.search),
            web.patch("/api/v1/users/me", self.change),
            web.get("/api/v1/users/{username}", self.show),
            web.put("/api/v1/password", self.change_password),
        ]

    async def register(self, request: web.Request) -> web.Response:
        """201, and signed in."""
        body = await read_json(request, Registration)
        user = await self._chat.register_user(
            **msgspec.structs.asdict(body),
            is_from_here=self._this_machine.asks(request),
            address=counted_address(request),
        )
        signed_in = await self._chat.open_session(user, device=device(request))
        response = answer(201, user=wire.user_body(user.person))
        await self._sessions.start(request, response, signed_in)
        return response

    async def search(self, request: web.Request) -> web.Response:
        """People whose name starts with `query`."""
        identity = await identify(self._chat, request)
        limit = query_number(request, "limit")
        profiles = await self._chat.find_people(
            identity.user,
            query=request.query.get("query", ""),
            limit=20 if limit is None else limit,
        )
        return answer(users=[wire.profile_body(each) for each in profiles])

    async def show(self, request: web.Request) -> web.Response:
        identity = await identify(self._chat, request)
        profile = await self._chat.find_people.named(identity.user, request.match_info["username"])
        return answer(user=wire.profile_body(profile))

    async def change(self, request: web.Request) -> web.Response:
        identity = await identify(self._chat, request)
        body = await read_json(request, ProfileChange)
        user = await self._chat.change_display_name(identity.user, display_name=body.display_name)
        return answer(user=wire.user_body(user.person))

    async def change_password(self, request: web.Request) -> web.Response:
        """204; all other sessions end, and all tokens."""
        identity = await identify_in_person(self._chat, request)
        body = await read_json(request, PasswordChange)
        try:
            await self._chat.change_password(
                identity.user,
                current=body.current,
                new=body.new,
                session_id=identity.session.id,
            )
        except InvalidField as error:  # The domain's `password` is called `new` here.
            raise InvalidField("new", error.reason, code=error.code) from error
        return no_content()
