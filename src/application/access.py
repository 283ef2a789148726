"""The one door: whether this person may do this in this room.

An unknown room, an archived one and one that the asker may not know of look the same from
outside. A public room is in the directory anyway, so there a stranger is told to join.
"""

from dataclasses import dataclass

from application.ports.membership_repository import Member
from application.ports.store import Unit
from domain.errors import NotAMember, NotInDirect, PermissionDenied, RoomNotFound
from domain.ids import RoomId
from domain.membership import Membership
from domain.permissions import Permission, Role, may
from domain.room import Room
from domain.user import User


@dataclass(frozen=True, slots=True)
class Access:
    """A person in a room. `role` is what they count as there."""

    room: Room
    membership: Membership
    role: Role

    def require(self, permission: Permission) -> None:
        """Raises `PermissionDenied`, or `NotInDirect` where nobody could."""
        if not self.may(permission):
            if self.room.is_direct:
                raise NotInDirect
            raise PermissionDenied(f"That is not for somebody whose role here is {self.role}.")

    def may(self, permission: Permission) -> bool:
        return may(self.role, permission, direct=self.room.is_direct)

    def outranks(self, other: Member) -> bool:
        """Whether the other is somebody of a lower role. Nobody is above the site's owner."""
        return not other.user.is_site_owner and self.role.rank > other.membership.role.rank


def grant(actor: User, room: Room | None, membership: Membership | None) -> Access:
    """Raises `RoomNotFound` or `NotAMember`."""
    if room is None or room.is_archived:
        raise RoomNotFound
    if membership is None:
        raise NotAMember if room.is_public else RoomNotFound
    return Access(room, membership, role_of(actor, membership))


def role_of(actor: User, membership: Membership) -> Role:
    """Whoever owns the site can put every room in order that they are in."""
    return Role.OWNER if actor.is_site_owner else membership.role


async def require(unit: Unit, actor: User, room_id: RoomId, permission: Permission) -> Access:
    """The actor's access to the room. Raises `RoomNotFound`, `NotAMember`, `PermissionDenied`."""
    room = await unit.rooms.find(room_id)
    membership = await unit.memberships.find(room_id, actor.id) if room else None
    access = grant(actor, room, membership)
    access.require(permission)
    return access
