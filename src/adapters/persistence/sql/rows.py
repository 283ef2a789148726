"""Rows as entities and entities as rows, except messages.

A row that the domain no longer accepts (edited by hand, or written under older rules) is an
`UnreadableRow` to whoever asks for that very thing. Lists leave it out, and say so once in the
log, so that one bad name does not close a room or a directory to everybody else.
"""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from adapters.persistence.sql.prepared import AnyRow, Values
from adapters.persistence.sql.time import milliseconds, milliseconds_or_none, moment, moment_or_none
from domain.errors import InvalidField
from domain.membership import Membership
from domain.names import RoomName, Username
from domain.permissions import Role
from domain.room import Room, Visibility
from domain.session import Session
from domain.star import Star
from domain.user import SiteRole, User

T = TypeVar("T")

_log = logging.getLogger(__name__)
_reported: set[str] = set()


class UnreadableRow(Exception):
    def __init__(self, table: str, key: str, reason: str) -> None:
        super().__init__(f"Row {key} of table {table} is not valid: {reason}. Correct it by hand.")


def readable(read: Callable[[AnyRow], T], rows: Iterable[AnyRow]) -> list[T]:
    """What can be read of the rows, in their order."""
    found = []
    for row in rows:
        try:
            found.append(read(row))
        except UnreadableRow as error:
            _report(str(error))
    return found


def user_of(row: AnyRow) -> User:
    try:
        return User(
            id=row.id,
            username=Username(row.username),
            display_name=row.display_name,
            created_at=moment(row.created_at),
            email=row.email,
            site_role=SiteRole(row.site_role),
            disabled_at=moment_or_none(row.disabled_at),
        )
    except (InvalidField, ValueError) as error:
        raise UnreadableRow("users", row.id, str(error)) from error


def user_values(user: User) -> Values:
    return {
        "id": user.id,
        "username": user.username.value,
        "folded": user.username.folded,
        "display_name": user.display_name,
        "email": user.email,
        "site_role": user.site_role.value,
        "created_at": milliseconds(user.created_at),
        "disabled_at": milliseconds_or_none(user.disabled_at),
    }


def room_of(row: AnyRow) -> Room:
    try:
        return Room(
            id=row.id,
            name=None if row.name is None else RoomName(row.name),
            visibility=Visibility(row.visibility),
            created_at=moment(row.created_at),
            topic=row.topic,
            head=row.head,
            floor=row.floor,
            members=row.members,
            tells_presence=row.tells_presence,
            direct_key=row.direct_key,
            archived_at=moment_or_none(row.archived_at),
        )
    except (InvalidField, ValueError) as error:
        raise UnreadableRow("rooms", row.id, str(error)) from error


def room_values(room: Room) -> Values:
    return {
        "id": room.id,
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
    }


def membership_of(row: AnyRow) -> Membership:
    try:
        return Membership(
            room_id=row.room_id,
            user_id=row.user_id,
            joined_at=moment(row.joined_at),
            role=Role(row.role),
            read=row.read,
            present=row.present,
        )
    except ValueError as error:
        raise UnreadableRow("memberships", f"{row.room_id}, {row.user_id}", str(error)) from error


def membership_values(membership: Membership) -> Values:
    return {
        "room_id": membership.room_id,
        "user_id": membership.user_id,
        "joined_at": milliseconds(membership.joined_at),
        "role": membership.role.value,
        "read": membership.read,
        "present": membership.present,
    }


def session_of(row: AnyRow) -> Session:
    return Session(
        id=row.id,
        digest=row.digest,
        user_id=row.user_id,
        device=row.device,
        created_at=moment(row.created_at),
        seen_at=moment(row.seen_at),
        expires_at=moment_or_none(row.expires_at),
        name=row.name,
    )


def session_values(session: Session) -> Values:
    return {
        "id": session.id,
        "digest": session.digest,
        "user_id": session.user_id,
        "device": session.device,
        "created_at": milliseconds(session.created_at),
        "seen_at": milliseconds(session.seen_at),
        "expires_at": milliseconds_or_none(session.expires_at),
        "name": session.name,
    }


def star_of(row: AnyRow) -> Star:
    return Star(row.user_id, row.room_id, row.seq, moment(row.starred_at))


def star_values(star: Star) -> Values:
    return {
        "user_id": star.user_id,
        "room_id": star.room_id,
        "seq": star.seq,
        "starred_at": milliseconds(star.starred_at),
    }


def _report(problem: str) -> None:
    if problem not in _reported:
        _reported.add(problem)
        _log.error("%s It is left out of lists.", problem)
