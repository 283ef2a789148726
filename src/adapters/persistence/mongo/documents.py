"""Documents as entities and entities as documents, except messages.

A document that the domain no longer accepts (edited by hand, or written under older rules) is an
`UnreadableDocument` to whoever asks for that very thing. Lists leave it out, and say so once in the
log, so that one bad name does not close a room or a directory to everybody else.
"""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import MEMBERSHIPS, ROOMS, SESSIONS, USERS
from adapters.persistence.mongo.time import (
    milliseconds,
    milliseconds_or_none,
    moment,
    moment_or_none,
)
from domain.errors import InvalidField
from domain.ids import RoomId, UserId
from domain.membership import Membership
from domain.names import RoomName, Username
from domain.permissions import Role
from domain.room import Room, Visibility
from domain.session import Session
from domain.user import SiteRole, User

T = TypeVar("T")

LAST_SEQ = 2**63 - 1  # A larger one cannot be written in BSON, and nothing can come after it.

# What reading a document that is not as it should be may raise.
UNREADABLE = (InvalidField, KeyError, TypeError, ValueError, OverflowError)

_log = logging.getLogger(__name__)
_reported: set[str] = set()


class UnreadableDocument(Exception):
    def __init__(self, collection: str, document: Document, error: Exception) -> None:
        super().__init__(
            f"Document {document.get('_id')} of collection {collection} is not valid: {error!r}. "
            "Correct it by hand."
        )


def readable(read: Callable[[Document], T], documents: Iterable[Document]) -> list[T]:
    """What can be read of the documents, in their order."""
    found = []
    for document in documents:
        try:
            found.append(read(document))
        except UnreadableDocument as error:
            _report(str(error))
    return found


def user_of(document: Document) -> User:
    try:
        return User(
            id=document["_id"],
            username=Username(document["username"]),
            display_name=document["display_name"],
            created_at=moment(document["created_at"]),
            email=document["email"],
            site_role=SiteRole(document["site_role"]),
            disabled_at=moment_or_none(document["disabled_at"]),
        )
    except UNREADABLE as error:
        raise UnreadableDocument(USERS, document, error) from error


def user_document(user: User, password_hash: str) -> Document:
    return {
        "_id": user.id,
        "username": user.username.value,
        "folded": user.username.folded,
        "display_name": user.display_name,
        "email": user.email,
        "site_role": user.site_role.value,
        "password_hash": password_hash,
        "created_at": milliseconds(user.created_at),
        "disabled_at": milliseconds_or_none(user.disabled_at),
    }


def room_of(document: Document) -> Room:
    try:
        name = document["name"]
        return Room(
            id=document["_id"],
            name=None if name is None else RoomName(name),
            visibility=Visibility(document["visibility"]),
            created_at=moment(document["created_at"]),
            topic=document["topic"],
            head=document["head"],
            floor=document["floor"],
            members=document["members"],
            tells_presence=document["tells_presence"],
            direct_key=document["direct_key"],
            archived_at=moment_or_none(document["archived_at"]),
        )
    except UNREADABLE as error:
        raise UnreadableDocument(ROOMS, document, error) from error


def room_document(room: Room) -> Document:
    """`in_use` is what the unique indexes go by: they cannot ask for what is not there."""
    return {
        "_id": room.id,
        "name": room.name and room.name.value,
        "folded": room.name and room.name.folded,
        "visibility": room.visibility.value,
        "topic": room.topic,
        "head": room.head,
        "floor": room.floor,
        "members": room.members,
        "tells_presence": room.tells_presence,
        "direct_key": room.direct_key,
        "created_at": milliseconds(room.created_at),
        "archived_at": milliseconds_or_none(room.archived_at),
        "in_use": not room.is_archived,
    }


def membership_id(room_id: RoomId, user_id: UserId) -> Document:
    return {"room": room_id, "user": user_id}


def membership_of(document: Document) -> Membership:
    try:
        return Membership(
            room_id=document["_id"]["room"],
            user_id=document["_id"]["user"],
            joined_at=moment(document["joined_at"]),
            role=Role(document["role"]),
            read=document["read"],
            present=document["present"],
        )
    except UNREADABLE as error:
        raise UnreadableDocument(MEMBERSHIPS, document, error) from error


def membership_document(membership: Membership) -> Document:
    return {
        "_id": membership_id(membership.room_id, membership.user_id),
        "joined_at": milliseconds(membership.joined_at),
        "role": membership.role.value,
        "read": min(membership.read, LAST_SEQ),
        "present": membership.present,
    }


def session_of(document: Document) -> Session:
    try:
        return Session(
            id=document["_id"],
            digest=document["digest"],
            user_id=document["user_id"],
            device=document["device"],
            created_at=moment(document["created_at"]),
            seen_at=moment(document["seen_at"]),
            expires_at=moment(document["expires_at"]),
        )
    except UNREADABLE as error:
        raise UnreadableDocument(SESSIONS, document, error) from error


def session_document(session: Session) -> Document:
    return {
        "_id": session.id,
        "digest": session.digest,
        "user_id": session.user_id,
        "device": session.device,
        "created_at": milliseconds(session.created_at),
        "seen_at": milliseconds(session.seen_at),
        "expires_at": milliseconds(session.expires_at),
    }


def _report(problem: str) -> None:
    if problem not in _reported:
        _reported.add(problem)
        _log.error("%s It is left out of lists.", problem)
