"""Messages as documents and documents as messages. People are stored by their ids; their names are
looked up, so that history always tells people by the names they bear now.

What is None, empty or False is left out: there are many messages.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from adapters.persistence.mongo.documents import LAST_SEQ
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import MESSAGES
from adapters.persistence.mongo.reading import UNREADABLE, UnreadableDocument
from adapters.persistence.mongo.time import day_of, milliseconds, moment, moment_or_none
from domain.ids import RoomId, UserId
from domain.message import Kind, Message
from domain.search import words_of
from domain.user import Person

Named = Mapping[str, tuple[str, str]]  # The username and the display name of each id.

# What can be read, edited, deleted, and be unread.
LIVING_POST = {"kind": Kind.POSTED.value, "deleted": None}


def message_id(room_id: RoomId, seq: int) -> Document:
    return {"room": room_id, "seq": min(seq, LAST_SEQ)}


def message_document(message: Message) -> Document:
    values = {
        "kind": message.kind.value,
        "author": message.author and message.author.id,
        "subject": message.subject and message.subject.id,
        "text": message.text,
        "key": message.key,
        "target": message.target,
        "upto": message.upto,
        "reply_to": message.reply_to,
        "mentions": list(message.mentions),
        "at": milliseconds(message.at),
        "day": day_of(message.at),
        "edited_at": None if message.edited_at is None else milliseconds(message.edited_at),
        "deleted": message.deleted,
        "words": _words(message),
    }
    kept = {name: value for name, value in values.items() if not _is_left_out(value)}
    return {"_id": message_id(message.room_id, message.seq), **kept}


def message_of(document: Document, named: Named) -> Message:
    """Raises `UnreadableDocument`; a log without it would have a hole that nobody sees."""
    value = document.get
    try:
        return Message(
            room_id=document["_id"]["room"],
            seq=document["_id"]["seq"],
            kind=_KINDS[document["kind"]],
            author=_person(value("author"), named),
            subject=_person(value("subject"), named),
            text=value("text", ""),
            key=value("key"),
            target=value("target"),
            upto=value("upto"),
            reply_to=value("reply_to"),
            mentions=tuple(value("mentions", ())),
            at=moment(document["at"]),
            edited_at=moment_or_none(value("edited_at")),
            deleted=value("deleted", False),
        )
    except UNREADABLE as error:
        raise UnreadableDocument(MESSAGES, document, error) from error


def indexed_words(text: str, author_id: UserId | None, mentions: Iterable[UserId]) -> list[str]:
    """What a living post is found and counted by: its words, its author, and whom it mentions
    beside its author."""
    mentioned = {of_mention(user_id) for user_id in mentions if user_id != author_id}
    by = {by_author(author_id)} if author_id is not None else set()
    return sorted({LIVING, *words_of(text), *by, *mentioned})


# These stand among the words. No word begins like that.
LIVING = "@"


def by_author(author_id: UserId) -> str:
    return f"@{author_id}"


def of_mention(user_id: UserId) -> str:
    return f"={user_id}"


def people_of(documents: list[Document]) -> set[UserId]:
    """The ids of those whose names are needed."""
    roles = ("author", "subject")
    return {document[role] for document in documents for role in roles if role in document}


def _words(message: Message) -> list[str]:
    if message.kind is not Kind.POSTED or message.deleted:
        return []
    author_id = message.author.id if message.author else None
    return indexed_words(message.text, author_id, message.mentions)


def _person(user_id: UserId | None, named: Named) -> Person | None:
    if user_id is None:
        return None
    username, display_name = named.get(user_id, ("", ""))
    return Person(user_id, username, display_name)


def _is_left_out(value: Any) -> bool:  # Of any field.
    return value is None or value is False or value in ("", [])


_KINDS = {kind.value: kind for kind in Kind}
