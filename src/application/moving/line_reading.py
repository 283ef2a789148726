"""Lines of JSON as records, checked as if somebody had typed them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from application.ports.transfer import Account, Record
from domain.errors import InvalidField
from domain.ids import RoomId, SessionId, UserId, is_id
from domain.membership import Membership
from domain.message import Kind, Message
from domain.names import RoomName, Username
from domain.permissions import Role
from domain.room import Room, Visibility
from domain.session import Session
from domain.star import Star
from domain.text import is_storable
from domain.user import Person, SiteRole, User

T = TypeVar("T")


class InvalidLine(ValueError):
    """Why a line is no record."""


def record_of(fields: object) -> Record:
    """The record that was written as these fields. Raises `InvalidLine`."""
    if not isinstance(fields, dict):
        raise InvalidLine("it is not a JSON object")
    kind = fields.get("record")
    read = _READ.get(str(kind))
    if read is None:
        raise InvalidLine(f"a record of the kind {_shown(kind)} is not known")
    try:
        record = read(_Reader(fields))
    except InvalidField as error:
        raise InvalidLine(str(error)) from error
    except (ValueError, OverflowError) as error:
        raise InvalidLine(str(error)) from error
    # It was written by a program that knows more: what that says would get lost.
    if unknown := fields.keys() - _FIELDS[str(kind)]:
        raise InvalidLine(f"a {kind} with {_shown(min(unknown))} is not known")
    return record


class _Reader:
    """The fields of a line, each of the type that it must have. Raises `InvalidLine`."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields  # Any: what JSON has.

    def text(self, name: str) -> str:
        value = self._of_type(str, name)
        if not is_storable(value):
            raise InvalidLine(f"{name} has characters that no store can hold")
        return value

    def id(self, name: str) -> str:
        value = self.text(name)
        if not is_id(value):
            raise InvalidLine(f"{name} is not an id")
        return value

    def number(self, name: str, *, below: int = 2**63) -> int:
        value = self._of_type(int, name)
        if not 0 <= value < below:
            raise InvalidLine(f"{name} is out of bounds")
        return value

    def flag(self, name: str) -> bool:
        return name in self._fields and self._of_type(bool, name)

    def time(self, name: str) -> datetime:
        at = datetime.fromisoformat(self.text(name))
        if at.tzinfo is None or at.microsecond % 1000:
            raise InvalidLine(f"{name} is not a time in UTC with milliseconds")
        return at.astimezone(UTC)

    def person(self, name: str) -> Person | None:
        user_id = self.maybe(self.id, name)
        return Person(UserId(user_id), "", "") if user_id is not None else None

    def ids(self, name: str) -> tuple[UserId, ...]:
        if name not in self._fields:
            return ()
        given = self._of_type(list, name)
        if not all(isinstance(each, str) and is_id(each) for each in given):
            raise InvalidLine(f"{name} must be a list of ids")
        return tuple(given)

    def maybe(self, read: Callable[[str], T], name: str) -> T | None:
        return read(name) if name in self._fields else None

    def _of_type(self, kind: type[T], name: str) -> T:
        value = self._fields.get(name)
        if type(value) is not kind:  # A bool is an int, too.
            raise InvalidLine(f"{name} must be {_NAMES[kind]}")
        return value


def _read_account(line: _Reader) -> Account:
    user = User(
        id=UserId(line.id("id")),
        username=Username(line.text("username")),
        display_name=line.text("display_name"),
        email=line.maybe(line.text, "email"),
        site_role=SiteRole(line.text("site_role")),
        created_at=line.time("created_at"),
        disabled_at=line.maybe(line.time, "disabled_at"),
    )
    return Account(user, line.text("password_hash"))


def _read_room(line: _Reader) -> Room:
    name = line.maybe(line.text, "name")
    return Room(
        id=RoomId(line.id("id")),
        name=RoomName(name) if name is not None else None,
        visibility=Visibility(line.text("visibility")),
        topic=line.text("topic"),
        head=line.number("head"),
        floor=line.number("floor"),
        members=line.number("members", below=2**31),
        tells_presence=line.flag("tells_presence"),
        direct_key=line.maybe(line.text, "direct_key"),
        created_at=line.time("created_at"),
        archived_at=line.maybe(line.time, "archived_at"),
    )


def _read_membership(line: _Reader) -> Membership:
    return Membership(
        room_id=RoomId(line.id("room")),
        user_id=UserId(line.id("user")),
        role=Role(line.text("role")),
        joined_at=line.time("joined_at"),
        read=line.number("read"),
        present=line.flag("present"),
    )


def _read_message(line: _Reader) -> Message:
    return Message(
        room_id=RoomId(line.id("room")),
        seq=line.number("seq"),
        kind=Kind(line.text("kind")),
        author=line.person("author"),
        subject=line.person("subject"),
        text=line.text("text"),
        key=line.maybe(line.text, "key"),
        target=line.maybe(line.number, "target"),
        upto=line.maybe(line.number, "upto"),
        reply_to=line.maybe(line.number, "reply_to"),
        mentions=line.ids("mentions"),
        at=line.time("at"),
        edited_at=line.maybe(line.time, "edited_at"),
        deleted=line.flag("deleted"),
    )


def _read_session(line: _Reader) -> Session:
    name = line.maybe(line.text, "name")  # Of a token; only those may do without an end.
    return Session(
        id=SessionId(line.id("id")),
        digest=line.text("digest"),
        user_id=UserId(line.id("user")),
        device=line.text("device"),
        created_at=line.time("created_at"),
        seen_at=line.time("seen_at"),
        expires_at=line.time("expires_at") if name is None else line.maybe(line.time, "expires_at"),
        name=name,
    )


def _read_star(line: _Reader) -> Star:
    return Star(
        user_id=UserId(line.id("user")),
        room_id=RoomId(line.id("room")),
        seq=line.number("seq"),
        starred_at=line.time("starred_at"),
    )


def _shown(value: object) -> str:
    return repr(value)[:80]


_NAMES: dict[type, str] = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
}
_READ: dict[str, Callable[[_Reader], Record]] = {
    "account": _read_account,
    "room": _read_room,
    "membership": _read_membership,
    "message": _read_message,
    "session": _read_session,
    "star": _read_star,
}

_FIELDS = {
    kind: frozenset(f"record {names}".split())
    for kind, names in {
        "account": "id username display_name email site_role created_at disabled_at password_hash",
        "room": "id name visibility topic head floor members tells_presence direct_key created_at"
        " archived_at",
        "membership": "room user role joined_at read present",
        "message": "room seq kind author subject text key target upto reply_to mentions at"
        " edited_at deleted",
        "session": "id digest user device created_at seen_at expires_at name",
        "star": "user room seq starred_at",
    }.items()
}
