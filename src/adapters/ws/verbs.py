"""What each verb of the protocol does: a call of the chat, and the fields of its answer."""

from collections.abc import Awaitable, Callable

from adapters.requests import room_id
from adapters.wire import (
    found_fields,
    message_bodies,
    profile_body,
    room_body,
    starred_fields,
    time_text,
)
from adapters.ws import requests
from adapters.ws.connection import Connection
from application.chat import Chat
from application.use_cases.post_message import CommandOutput
from domain.errors import InvalidField
from domain.ids import RoomId

Fields = dict[str, object]


class Verbs:
    """Answers every request but `hello`, which belongs to the conversation."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._answers: dict[type, Callable[..., Awaitable[Fields | None]]] = {
            requests.Open: self._open,
            requests.Close: self._close,
            requests.Page: self._page,
            requests.Post: self._post,
            requests.Edit: self._edit,
            requests.Delete: self._delete,
            requests.Read: self._read,
            requests.Typing: self._typing,
            requests.Rooms: self._rooms,
            requests.Search: self._search,
            requests.Star: self._star,
            requests.Unstar: self._unstar,
            requests.Starred: self._starred,
            requests.CreateRoom: self._create_room,
            requests.Direct: self._direct,
            requests.Join: self._join,
            requests.Leave: self._leave,
            requests.Ping: self._ping,
        }

    async def __call__(self, connection: Connection, request: requests.AnyRequest) -> Fields | None:
        """The answer's fields; None for no answer at all. Raises `DomainError`."""
        return await self._answers[type(request)](connection, request)

    async def _open(self, connection: Connection, request: requests.Open) -> Fields:
        """Read again if they were sent away meanwhile: whoever was told that the room is gone must
        not be shown it afterwards with themselves in it."""
        while True:
            departures = connection.departures
            fields = await self._opened(connection, request)
            if connection.departures == departures:
                return fields

    async def _opened(self, connection: Connection, request: requests.Open) -> Fields:
        opened = await self._chat.open_room(
            connection.user,
            room_id=await self._meant(connection, request),
            connection_id=connection.id,
            limit=request.limit,
        )
        page = opened.page
        return {
            "room": room_body(opened.summary),
            "members": [profile_body(member) for member in opened.members],
            "messages": await message_bodies(
                page.messages, reader=connection.user.id, starred=page.starred
            ),
            "more_before": page.more_before,
        }

    async def _close(self, connection: Connection, request: requests.Close) -> Fields:
        await self._chat.close_room(
            connection.user, room_id=room_id(request.room), connection_id=connection.id
        )
        return {}

    async def _page(self, connection: Connection, request: requests.Page) -> Fields:
        page = await self._chat.page_messages(
            connection.user,
            room_id=room_id(request.room),
            before=request.before,
            after=request.after,
            around=request.around,
            limit=request.limit,
        )
        return {
            "messages": await message_bodies(
                page.messages, reader=connection.user.id, starred=page.starred
            ),
            "more_before": page.more_before,
            "more_after": page.more_after,
        }

    async def _post(self, connection: Connection, request: requests.Post) -> Fields:
        posted = await self._chat.post_message(
            connection.user,
            room_id=room_id(request.room),
            key=request.key,
            text=request.text,
            reply_to=request.reply_to,
        )
        if isinstance(posted, CommandOutput):
            return {
                "command": posted.command,
                "output": posted.text,
                "duplicate": posted.duplicate,
            }
        message = posted.message
        return {
            "seq": message.seq,
            "at": time_text(message.at),
            "key": request.key,
            "duplicate": posted.duplicate,
        }

    async def _edit(self, connection: Connection, request: requests.Edit) -> Fields:
        edited = await self._chat.edit_message(
            connection.user, room_id=room_id(request.room), seq=request.seq, text=request.text
        )
        return {"seq": edited.seq}

    async def _delete(self, connection: Connection, request: requests.Delete) -> Fields:
        deleted = await self._chat.delete_message(
            connection.user, room_id=room_id(request.room), seq=request.seq
        )
        return {"seq": deleted.seq}

    async def _read(self, connection: Connection, request: requests.Read) -> Fields:
        position = await self._chat.mark_read(
            connection.user, room_id=room_id(request.room), seq=request.seq
        )
        return {
            "read": position.read,
            "unread": position.unread.posts,
            "mentions": position.unread.mentions,
        }

    async def _typing(self, connection: Connection, request: requests.Typing) -> None:
        await self._chat.show_typing(connection.user, room_id=room_id(request.room))

    async def _rooms(self, connection: Connection, request: requests.Rooms) -> Fields:
        directory = await self._chat.list_rooms(
            connection.user, query=request.query, after=request.after, limit=request.limit
        )
        return {"rooms": [room_body(each) for each in directory.rooms], "more": directory.more}

    async def _search(self, connection: Connection, request: requests.Search) -> Fields:
        found = await self._chat.search_messages(
            connection.user,
            query=request.query,
            room_id=room_id(request.room) if request.room else None,
            before=request.before,
            limit=request.limit,
        )
        return await found_fields(found, reader=connection.user.id)

    async def _star(self, connection: Connection, request: requests.Star) -> Fields:
        await self._chat.star_message(
            connection.user, room_id=room_id(request.room), seq=request.seq
        )
        return {}

    async def _unstar(self, connection: Connection, request: requests.Unstar) -> Fields:
        await self._chat.unstar_message(
            connection.user, room_id=room_id(request.room), seq=request.seq
        )
        return {}

    async def _starred(self, connection: Connection, request: requests.Starred) -> Fields:
        found = await self._chat.list_starred(
            connection.user, before=request.before, limit=request.limit
        )
        return await starred_fields(found, reader=connection.user.id)

    async def _create_room(self, connection: Connection, request: requests.CreateRoom) -> Fields:
        summary = await self._chat.create_room(
            connection.user,
            name=request.name,
            topic=request.topic,
            visibility=request.visibility,
        )
        return {"room": room_body(summary)}

    async def _direct(self, connection: Connection, request: requests.Direct) -> Fields:
        summary = await self._chat.open_direct(connection.user, usernames=request.users)
        return {"room": room_body(summary)}

    async def _join(self, connection: Connection, request: requests.Join) -> Fields:
        meant = await self._meant(connection, request)
        return {"room": room_body(await self._chat.join_room(connection.user, room_id=meant))}

    async def _leave(self, connection: Connection, request: requests.Leave) -> Fields:
        meant = await self._meant(connection, request)
        return {"room": room_body(await self._chat.leave_room(connection.user, room_id=meant))}

    async def _ping(self, connection: Connection, request: requests.Ping) -> Fields:
        return {}

    async def _meant(
        self, connection: Connection, request: requests.Open | requests.Join | requests.Leave
    ) -> RoomId:
        """The room that is meant, by its id or by its name."""
        if request.room:
            return room_id(request.room)
        if not request.name:
            raise InvalidField("room", "or name must say which room is meant")
        return (await self._chat.get_room.named(connection.user, request.name)).room.id
