"""The cast of every test: alice owns, bob is a member, mallory is neither.

Each call makes a new object; the same name always gets the same id, so that tests can speak of
people without passing objects around.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from domain.ids import RoomId, SessionId, UserId
from domain.membership import Membership
from domain.message import Entry, Kind, Message
from domain.names import RoomName, Username
from domain.permissions import Role
from domain.room import Room, Visibility
from domain.room import direct_key as key_of
from domain.session import Session
from domain.user import User

NOON = datetime(2026, 3, 1, 12, 0, 0, 123_000, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def an_id(name: str) -> str:
    return str(uuid5(NAMESPACE_OID, name))


def a_user(name: str, **changes: Any) -> User:  # Any: whatever the field holds.
    user = User(
        id=UserId(an_id(f"user {name}")),
        username=Username(name),
        display_name=name.capitalize(),
        created_at=NOON,
    )
    return _changed(user, changes)


def alice() -> User:
    return a_user("alice")


def bob() -> User:
    return a_user("bob")


def mallory() -> User:
    return a_user("mallory")


def a_room(name: str = "garden", **changes: Any) -> Room:
    room = Room(
        id=RoomId(an_id(f"room {name}")),
        name=RoomName(name),
        visibility=Visibility.PUBLIC,
        created_at=NOON,
    )
    return _changed(room, changes)


def a_direct_room(*people: User) -> Room:
    direct_key = key_of(person.id for person in people)
    return Room(
        id=RoomId(an_id(f"room {direct_key}")),
        name=None,
        visibility=Visibility.DIRECT,
        created_at=NOON,
        direct_key=direct_key,
    )


def a_membership(room: Room, user: User, **changes: Any) -> Membership:
    membership = Membership(room_id=room.id, user_id=user.id, joined_at=NOON, role=Role.MEMBER)
    return _changed(membership, changes)


def a_post(author: User, text: str = "hello", **fields: Any) -> Entry:
    return Entry(kind=Kind.POSTED, author=author.person, text=text, **fields)


def an_entry(kind: Kind, author: User | None, **fields: Any) -> Entry:
    return Entry(kind=kind, author=author and author.person, **fields)


def numbered(room: Room, *entries: Entry) -> list[Message]:
    """The entries as the next messages of the room."""
    return [room.receive(entry, at=at(room.head + 1)) for entry in entries]


def a_session(user: User, device: str = "Firefox", **changes: Any) -> Session:
    values: dict[str, Any] = {
        "id": SessionId(an_id(f"session {user.username} {device}")),
        "digest": an_id(f"digest {user.username} {device}"),
        "user_id": user.id,
        "device": device,
        "created_at": NOON,
        "seen_at": NOON,
        "expires_at": at(3600),
    }
    return Session(**{**values, **changes})


def a_token(user: User, name: str = "backup", **changes: Any) -> Session:
    """One that does not expire."""
    values = {"device": "", "name": name, "expires_at": None}
    of_whom = f"{user.username} {name}"
    identity = {"id": SessionId(an_id(f"token {of_whom}")), "digest": an_id(f"secret {of_whom}")}
    return a_session(user, **{**values, **identity, **changes})


def _changed(entity: Any, changes: dict[str, Any]) -> Any:
    for field, value in changes.items():
        setattr(entity, field, value)
    return entity
