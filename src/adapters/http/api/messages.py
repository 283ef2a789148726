"""/api/v1/rooms/{room}/messages: the history, and saying something."""

import msgspec
from aiohttp import web

from adapters import wire
from adapters.http.answers import answer, query_number, room_id, seq
from adapters.http.bodies import read_json
from adapters.requests import identify
from application.chat import Chat
from application.posting import Posted
from application.use_cases.post_message import CommandOutput


class NewMessage(msgspec.Struct):
    key: str
    text: str
    reply_to: int | None = None


class NewText(msgspec.Struct):
    text: str


class MessageApi:
    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    def routes(self) -> list[web.RouteDef]:
        path = "/api/v1/rooms/{room}/messages"
        return [
            web.get(path, self.page),
            web.post(path, self.post),
            web.patch(path + "/{seq}", self.edit),
            web.delete(path + "/{seq}", self.delete),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """Ascending; the latest unless `before`, `after` or `around` a seq was asked for."""
        actor = (await identify(self._chat, request)).user
        limit = query_number(request, "limit")
        page = await self._chat.page_messages(
            actor,
            room_id=room_id(request),
            before=query_number(request, "before"),
            after=query_number(request, "after"),
            around=query_number(request, "around"),
            limit=50 if limit is None else limit,
        )
        return answer(
            messages=await wire.message_bodies(
                page.messages, reader=actor.id, starred=page.starred
            ),
            more_before=page.more_before,
            more_after=page.more_after,
        )

    async def post(self, request: web.Request) -> web.Response:
        """201 for a new message, 200 for one that was there already or for a command."""
        actor, room = (await identify(self._chat, request)).user, room_id(request)
        body = await read_json(request, NewMessage)
        outcome = await self._chat.post_message(
            actor, room_id=room, key=body.key, text=body.text, reply_to=body.reply_to
        )
        return _outcome(outcome)

    async def edit(self, request: web.Request) -> web.Response:
        """Answers with the seq of the change."""
        actor, room = (await identify(self._chat, request)).user, room_id(request)
        target, body = seq(request), await read_json(request, NewText)
        change = await self._chat.edit_message(actor, room_id=room, seq=target, text=body.text)
        return answer(seq=change.seq)

    async def delete(self, request: web.Request) -> web.Response:
        """Answers with the seq of the change."""
        actor, room = (await identify(self._chat, request)).user, room_id(request)
        change = await self._chat.delete_message(actor, room_id=room, seq=seq(request))
        return answer(seq=change.seq)


def _outcome(outcome: Posted | CommandOutput) -> web.Response:
    if isinstance(outcome, CommandOutput):
        return answer(command=outcome.command, output=outcome.text, duplicate=outcome.duplicate)
    message = outcome.message
    return answer(
        200 if outcome.duplicate else 201,
        seq=message.seq,
        at=wire.time_text(message.at),
        key=message.key,
        duplicate=outcome.duplicate,
    )
