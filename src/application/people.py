"""Finding the person that somebody names, inside a turn."""

from application.ports.membership_repository import Member
from application.ports.store import Unit
from domain.errors import UserNotFound
from domain.ids import RoomId
from domain.text import fold, is_storable
from domain.user import User


async def get_user(unit: Unit, username: str) -> User:
    """The account of that name; a leading `@` is how people are addressed. Raises `UserNotFound`,
    for disabled accounts too."""
    name = username.strip().removeprefix("@")
    user = await unit.users.find_by_name(fold(name)) if is_storable(name) else None
    if user is None or user.is_disabled:
        raise UserNotFound(name)
    return user


async def get_member(unit: Unit, room_id: RoomId, username: str) -> Member:
    """The member of that name. Raises `UserNotFound`."""
    name = username.strip().removeprefix("@")
    user = await unit.users.find_by_name(fold(name)) if is_storable(name) else None
    membership = await unit.memberships.find(room_id, user.id) if user else None
    if user is None or membership is None:
        raise UserNotFound(name)
    return Member(user, membership)
