from collections.abc import Callable

from application.access import Access, require
from application.people import get_member
from application.ports.membership_repository import Member
from application.ports.message_log import AuthorKey
from application.ports.rate_limits import Action, RateLimits
from application.room_writer import RoomWriter, Turn
from domain.errors import InvalidField, LastOwner, Outranked
from domain.ids import RoomId
from domain.message import Entry, Kind
from domain.permissions import Permission, Role
from domain.user import User


class ChangeRole:
    """An owner raises or lowers somebody's role; everybody sees it. A room keeps an owner."""

    def __init__(self, writer: RoomWriter, rate_limits: RateLimits) -> None:
        self._writer = writer
        self._rate_limits = rate_limits

    async def __call__(self, actor: User, *, room_id: RoomId, username: str, role: str) -> Member:
        """Give the member this role. Raises `InvalidField`, `UserNotFound`, `LastOwner`,
        `Outranked`."""
        try:
            wanted = Role(role)
        except ValueError:
            raise InvalidField("role", f"must be one of {', '.join(Role)}") from None
        return await self._change(actor, room_id, username, lambda _: wanted)

    async def promote(
        self, actor: User, *, room_id: RoomId, username: str, key: AuthorKey | None = None
    ) -> Member:
        """One role up. `key`: as `RoomWriter.change` takes it."""
        return await self._change(actor, room_id, username, Role.above, key)

    async def demote(
        self, actor: User, *, room_id: RoomId, username: str, key: AuthorKey | None = None
    ) -> Member:
        """One role down. `key`: as `RoomWriter.change` takes it. Raises `LastOwner`,
        `Outranked`."""
        return await self._change(actor, room_id, username, Role.below, key)

    async def _change(
        self,
        actor: User,
        room_id: RoomId,
        username: str,
        new_role: Callable[[Role], Role],
        key: AuthorKey | None = None,
    ) -> Member:
        await self._rate_limits.require(Action.CHANGE_ROOMS, actor.id)

        async def change(turn: Turn) -> Member:
            access = await require(turn.unit, actor, room_id, Permission.CHANGE_ROLE)
            member = await get_member(turn.unit, room_id, username)
            before = member.membership.role
            after = new_role(before)
            if after is before:
                return member
            if after.rank < before.rank:
                _require_above(actor, access, member)
            if before is Role.OWNER and await _owners(turn) == 1:
                raise LastOwner
            member.membership.role = after
            await turn.unit.memberships.save(member.membership)
            turn.receive(
                Entry(
                    kind=Kind.ROLE_CHANGED,
                    author=actor.person,
                    subject=member.user.person,
                    text=after.value,
                )
            )
            return member

        return await self._writer.change(room_id, change, key=key)


async def _owners(turn: Turn) -> int:
    members = await turn.unit.memberships.list_members(turn.room.id)
    return sum(member.membership.role is Role.OWNER for member in members)


def _require_above(actor: User, access: Access, member: Member) -> None:
    """Nobody is lowered by their equals, or they could be removed after it; raises `Outranked`."""
    if member.user.id == actor.id or actor.is_site_owner or access.outranks(member):
        return
    raise Outranked(member.user.username.value)
