"""/api/v1/rooms/{room}/members: who is in a room, and coming and going."""

import msgspec
from aiohttp import web

from adapters import wire
from adapters.http.answers import answer, no_content, room_id
from adapters.http.bodies import read_json
from adapters.requests import identify
from application.chat import Chat
from domain.ids import RoomId
from domain.permissions import Role
from domain.text import fold
from domain.user import Person, User


class Wanted(msgspec.Struct):
    """With a role: give it to a member. Without: be a member."""

    role: str | msgspec.UnsetType = msgspec.UNSET


class MemberApi:
    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    def routes(self) -> list[web.RouteDef]:
        path = "/api/v1/rooms/{room}/members"
        return [
            web.get(path, self.list),
            web.put(path + "/{username}", self.put),
            web.delete(path + "/{username}", self.remove),
        ]

    async def list(self, request: web.Request) -> web.Response:
        """By name, with roles and presence."""
        identity = await identify(self._chat, request)
        members = await self._chat.list_members(identity.user, room_id=room_id(request))
        return answer(members=[wire.profile_body(each) for each in members])

    async def put(self, request: web.Request) -> web.Response:
        """With a `role`, change it. Without one, oneself joins, and anybody else is invited."""
        actor, room = (await identify(self._chat, request)).user, room_id(request)
        username = request.match_info["username"]
        body = await read_json(request, Wanted, optional=True)
        if body.role is not msgspec.UNSET:
            return await self._give_role(actor, room, username, body.role)
        if _is_me(actor, username):
            summary = await self._chat.join_room(actor, room_id=room)
            return answer(room=wire.room_body(summary))
        user = await self._chat.invite_member(actor, room_id=room, username=username)
        return _member(user.person, Role.MEMBER, status=201)

    async def remove(self, request: web.Request) -> web.Response:
        """Oneself leaves; anybody else is removed, with the `reason` of the query if any."""
        actor, room = (await identify(self._chat, request)).user, room_id(request)
        username = request.match_info["username"]
        if _is_me(actor, username):
            await self._chat.leave_room(actor, room_id=room)
        else:
            reason = request.query.get("reason", "")
            await self._chat.remove_member(actor, room_id=room, username=username, reason=reason)
        return no_content()

    async def _give_role(self, actor: User, room: RoomId, username: str, role: str) -> web.Response:
        member = await self._chat.change_role(actor, room_id=room, username=username, role=role)
        return _member(member.user.person, member.membership.role)


def _member(person: Person, role: Role, *, status: int = 200) -> web.Response:
    body = wire.user_body(person)
    body.role = role
    return answer(status, member=body)


def _is_me(actor: User, username: str) -> bool:
    return fold(username.strip().removeprefix("@")) == actor.username.folded
