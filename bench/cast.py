"""People and rooms as a store keeps them, the same ones in every run."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

from application.ports.transfer import Record
from domain.ids import RoomId, UserId
from domain.membership import Membership
from domain.names import RoomName, Username
from domain.permissions import Role
from domain.room import Room, Visibility
from domain.user import SiteRole, User

BATCH = 2_000
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def person(number: int) -> User:
    """The first one owns the site."""
    return User(
        id=person_id(number),
        username=Username(f"person{number}"),
        display_name=f"Person {number}",
        created_at=BEGAN,
        site_role=SiteRole.MEMBER if number else SiteRole.OWNER,
    )


def person_id(number: int) -> UserId:
    return UserId(_id(1, number))


def room(number: int, *, members: int, head: int = 0) -> Room:
    return Room(
        id=RoomId(_id(2, number)),
        name=RoomName(f"room{number}"),
        visibility=Visibility.PUBLIC,
        created_at=BEGAN,
        head=head,
        members=members,
    )


def membership(room: Room, user: User) -> Membership:
    role = Role.MEMBER if user.site_role is SiteRole.MEMBER else Role.OWNER
    return Membership(room_id=room.id, user_id=user.id, joined_at=BEGAN, role=role)


def batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    """As many at once as a copy writes."""
    rest = iter(records)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _id(kind: int, number: int) -> str:
    return str(UUID(int=(0x019B << 112) | (0x7 << 76) | (0x8 << 60) | (kind << 32) | number))
