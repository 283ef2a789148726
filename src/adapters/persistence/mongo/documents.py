"""Documents as entities and entities as documents, except messages."""

from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import MEMBERSHIPS, ROOMS, SESSIONS, STARS, USERS
from adapters.persistence.mongo.reading import UNREADABLE, UnreadableDocument
from adapters.persistence.mongo.time import (
    milliseconds,
    milliseconds_or_none,
    moment,
    moment_or_none,
)
from domain.ids import RoomId, UserId
from domain.membership import Membership
from domain.names import RoomName, Username
from domain.permissions import Role
from domain.room import Room, Visibility
from domain.session import Session
from domain.star import Star
from domain.user import SiteRole, User

LAST_SEQ = 2**63 - 1  # A larger one cannot be written in BSON, and nothing can come after it.


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
            expires_at=moment_or_none(document["expires_at"]),
            name=document.get("name"),  # Not there in what was written before there were tokens.
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
        "expires_at": milliseconds_or_none(session.expires_at),
        "name": session.name,
    }


def star_id(user_id: UserId, room_id: RoomId, seq: int) -> Document:
    return {"user": user_id, "room": room_id, "seq": min(seq, LAST_SEQ)}


def star_of(document: Document) -> Star:
    try:
        place = document["_id"]
        return Star(place["user"], place["room"], place["seq"], moment(document["starred_at"]))
    except UNREADABLE as error:
        raise UnreadableDocument(STARS, document, error) from error


def star_document(star: Star) -> Document:
    return {
        "_id": star_id(star.user_id, star.room_id, star.seq),
        "starred_at": milliseconds(star.starred_at),
    }
