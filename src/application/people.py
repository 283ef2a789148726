"""Finding the person that somebody names, inside a unit."""

from application.ports.membership_repository import Member
from application.ports.store import Unit
from domain.errors import UserDisabled, UserNotFound
from domain.ids import RoomId
from domain.names import Username, sought
from domain.user import User


async def get_user(unit: Unit, username: str) -> User:
    """The account of that name; a leading `@` is how people are addressed. Raises `UserNotFound`,
    `UserDisabled`."""
    name = username.strip().removeprefix("@")
    user = await _find_user(unit, name)
    if user is None:
        raise UserNotFound(name)
    if user.is_disabled:
        raise UserDisabled(user.username.value)
    return user


async def get_account(unit: Unit, username: str) -> User:
    """The account that an operator names, disabled or not. Raises `InvalidField` for a name that
    nobody can have, `UserNotFound`."""
    name = Username(username)
    user = await unit.users.find_by_name(name.folded)
    if user is None:
        raise UserNotFound(name.value)
    return user


async def get_member(unit: Unit, room_id: RoomId, username: str) -> Member:
    """The member of that name. Raises `UserNotFound`."""
    name = username.strip().removeprefix("@")
    user = await _find_user(unit, name)
    membership = await unit.memberships.find(room_id, user.id) if user else None
    if user is None or membership is None:
        raise UserNotFound(name)
    return Member(user, membership)


async def _find_user(unit: Unit, name: str) -> User | None:
    folded = sought(name)
    return await unit.users.find_by_name(folded) if folded else None
