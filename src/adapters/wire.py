"""The shapes that HTTP and the sockets share, as docs/protocol.md names them.

Fields that do not apply are left out. Reading is strict about types and lenient about fields it
does not know, so that older servers and newer clients get on.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache, partial
from typing import TypeVar

import msgspec

from adapters.markup.html import to_html
from adapters.markup.turns import at_once, in_turns
from application.profile import Profile
from application.room_summary import RoomSummary
from application.stars import NOTHING_STARRED, Starred
from application.use_cases.list_starred import StarredMessages
from application.use_cases.search_messages import Found
from domain.errors import Category, DomainError
from domain.ids import RoomId, UserId
from domain.message import Kind, Message
from domain.user import Person


class UserBody(msgspec.Struct, omit_defaults=True):
    """Somebody. `role` only in lists of a room's members."""

    id: str
    username: str
    display_name: str
    online: bool | msgspec.UnsetType = msgspec.UNSET
    role: str | msgspec.UnsetType = msgspec.UNSET


class RoomBody(msgspec.Struct, omit_defaults=True):
    """A room as one person sees it; `role` is null for who is not a member."""

    id: str
    name: str | None
    topic: str
    visibility: str
    role: str | None
    head: int
    floor: int
    read: int
    unread: int
    mentions: int
    members: int
    people: list[UserBody] | msgspec.UnsetType = msgspec.UNSET


class MessageBody(msgspec.Struct, omit_defaults=True):
    """One entry of a room's log. `key` is for its author's eyes only, `starred` for who did."""

    room: str
    seq: int
    kind: str
    author: UserBody | None
    text: str
    at: str
    html: str | msgspec.UnsetType = msgspec.UNSET
    key: str | msgspec.UnsetType = msgspec.UNSET
    subject: UserBody | msgspec.UnsetType = msgspec.UNSET
    target: int | msgspec.UnsetType = msgspec.UNSET
    upto: int | msgspec.UnsetType = msgspec.UNSET
    reply_to: int | msgspec.UnsetType = msgspec.UNSET
    mentions: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    edited_at: str | msgspec.UnsetType = msgspec.UNSET
    deleted: bool | msgspec.UnsetType = msgspec.UNSET
    starred: bool | msgspec.UnsetType = msgspec.UNSET
    snippet: list[str] | msgspec.UnsetType = msgspec.UNSET


class ErrorBody(msgspec.Struct, omit_defaults=True):
    """Why something was refused. `retry_after` is in seconds."""

    code: str
    category: str
    message: str
    temporary: bool
    retry_after: float | None
    field: str | msgspec.UnsetType = msgspec.UNSET


def user_body(person: Person) -> UserBody:
    return UserBody(person.id, person.username, person.display_name)


def profile_body(profile: Profile) -> UserBody:
    body = user_body(profile.person)
    body.online = profile.online
    body.role = _given(profile.role)
    return body


def room_body(summary: RoomSummary) -> RoomBody:
    room, membership = summary.room, summary.membership
    return RoomBody(
        id=room.id,
        name=room.name.value if room.name else None,
        topic=room.topic,
        visibility=room.visibility,
        role=summary.role,
        head=room.head,
        floor=room.floor,
        read=membership.read if membership else 0,
        unread=summary.unread.posts,
        mentions=summary.unread.mentions,
        members=room.members,
        people=[profile_body(each) for each in summary.people] if room.is_direct else msgspec.UNSET,
    )


def message_body(message: Message, *, reader: UserId | None = None) -> MessageBody:
    """The message as `reader` gets it; without one, as everybody but its author does."""
    return MessageBody(
        room=message.room_id,
        seq=message.seq,
        kind=message.kind,
        author=user_body(message.author) if message.author else None,
        text=message.text,
        at=time_text(message.at),
        html=_given(_html(message)),
        key=_given(message.key if reader and message.is_by(reader) else None),
        subject=user_body(message.subject) if message.subject else msgspec.UNSET,
        target=_given(message.target),
        upto=_given(message.upto),
        reply_to=_given(message.reply_to),
        mentions=message.mentions or msgspec.UNSET,
        edited_at=time_text(message.edited_at) if message.edited_at else msgspec.UNSET,
        deleted=message.deleted or msgspec.UNSET,
    )


async def message_bodies(
    messages: Iterable[Message], *, reader: UserId, starred: Starred = NOTHING_STARRED
) -> list[MessageBody]:
    """As many as a page or a replay has, in turns with whatever else is to be done meanwhile."""
    bodies = [body async for body in in_turns(partial(message_body, reader=reader), messages)]
    for body in bodies if starred else ():
        if (RoomId(body.room), body.seq) in starred:
            body.starred = True
    return bodies


def mark_up_at_once(messages: Iterable[Message]) -> bool:
    """Prepare what `message_body` needs of these. False if it would hold the event loop: then let
    `mark_up_in_turns` do the rest."""
    return at_once(_html, messages)


async def mark_up_in_turns(messages: Iterable[Message]) -> None:
    async for _ in in_turns(_html, messages):
        pass


async def found_fields(found: Found, *, reader: UserId) -> dict[str, object]:
    """An answer to a search: the hits, whether there may be more, and where to go on."""
    hits = [hit.message for hit in found.hits]
    messages = await message_bodies(hits, reader=reader, starred=found.starred)
    for body, hit in zip(messages, found.hits, strict=True):
        body.snippet = hit.snippet
    return _with_next(messages, found.next)


async def starred_fields(found: StarredMessages, *, reader: UserId) -> dict[str, object]:
    """A list of what the reader has starred, whether there may be more, and where to go on."""
    messages = await message_bodies(found.messages, reader=reader)
    for body in messages:
        body.starred = True
    return _with_next(messages, found.next)


def error_body(error: DomainError) -> ErrorBody:
    return ErrorBody(
        code=error.code,
        category=error.category,
        message=error.message,
        temporary=error.temporary,
        retry_after=error.retry_after,
        field=_given(error.field),
    )


def internal_error_body() -> ErrorBody:
    """For what nobody foresaw: it is in the log, and says nothing here."""
    return ErrorBody("internal", Category.UNAVAILABLE, "Something went wrong here.", False, None)


@lru_cache(maxsize=1024)  # The messages of a batch share their moment.
def time_text(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds: `2026-11-20T10:51:38.000Z`."""
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


encode = msgspec.json.Encoder().encode


def _with_next(messages: list[MessageBody], following: str | None) -> dict[str, object]:
    fields: dict[str, object] = {"messages": messages, "more": following is not None}
    return {**fields, "next": following} if following else fields


_MARKED_UP = frozenset({Kind.POSTED, Kind.EDITED})
_T = TypeVar("_T")


def _html(message: Message) -> str | None:
    return to_html(message.text) if message.kind in _MARKED_UP else None


def _given(value: _T | None) -> _T | msgspec.UnsetType:
    return msgspec.UNSET if value is None else value
