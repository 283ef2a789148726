"""Messages as rows and rows as messages. The author's and the subject's names are joined in, so
that history always tells people by the names they bear now."""

import json
from typing import Any

from sqlalchemy import FromClause, Select, and_, select

from adapters.persistence.sql.prepared import AnyRow
from adapters.persistence.sql.rows import UnreadableRow
from adapters.persistence.sql.schema import messages, users
from adapters.persistence.sql.time import milliseconds, milliseconds_or_none, moment, moment_or_none
from domain.ids import UserId
from domain.message import Kind, Message
from domain.user import Person

_author = users.alias("author")
_subject = users.alias("subject")

# What can be read, edited, deleted, and be unread.
LIVING_POST = and_(messages.c.kind == Kind.POSTED.value, ~messages.c.deleted)


def messages_from(source: FromClause) -> Select[Any]:  # Rows as `message_of` reads them.
    """Whole messages. A source that narrows them down stands first, because SQLite keeps the
    order of outer joins."""
    people = source.outerjoin(_author, _author.c.id == messages.c.author_id).outerjoin(
        _subject, _subject.c.id == messages.c.subject_id
    )
    names = (
        _author.c.username,
        _author.c.display_name,
        _subject.c.username,
        _subject.c.display_name,
    )
    labels = (column.label(f"name_{position}") for position, column in enumerate(names))
    return select(*messages.c, *labels).select_from(people)


def message_of(row: AnyRow) -> Message:
    """Raises `UnreadableRow`; a log without it would have a hole that nobody sees."""
    # By position, in the order of `messages_from`: pages are long, and names cost a look-up each.
    (
        room_id, seq, kind, author_id, subject_id, text, key, target, upto, reply_to, mentions,
        at, edited_at, deleted, author, author_shown, subject, subject_shown,
    ) = row  # fmt: skip
    try:
        return Message(
            room_id=room_id,
            seq=seq,
            kind=_KINDS[kind],
            author=Person(author_id, author, author_shown) if author_id else None,
            subject=Person(subject_id, subject, subject_shown) if subject_id else None,
            text=text,
            key=key,
            target=target,
            upto=upto,
            reply_to=reply_to,
            mentions=mentions_of(mentions),
            at=moment(at),
            edited_at=moment_or_none(edited_at),
            deleted=bool(deleted),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableRow("messages", f"{room_id}, {seq}", repr(error)) from error


def message_values(message: Message) -> dict[str, Any]:  # One value of each column's type.
    return {
        "room_id": message.room_id,
        "seq": message.seq,
        "kind": message.kind.value,
        "author_id": message.author and message.author.id,
        "subject_id": message.subject and message.subject.id,
        "text": message.text,
        "key": message.key,
        "target": message.target,
        "upto": message.upto,
        "reply_to": message.reply_to,
        "mentions": mentions_value(message.mentions),
        "at": milliseconds(message.at),
        "edited_at": milliseconds_or_none(message.edited_at),
        "deleted": message.deleted,
    }


def mentions_of(stored: str | None) -> tuple[UserId, ...]:
    return tuple(json.loads(stored)) if stored else ()


def mentions_value(mentions: tuple[UserId, ...]) -> str | None:
    return json.dumps(mentions) if mentions else None


_KINDS = {kind.value: kind for kind in Kind}
