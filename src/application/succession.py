"""Who owns a room when its last owner is gone: a room with people in it always has an owner."""

from application.room_writer import Turn
from domain.message import Entry, Kind
from domain.permissions import Role


async def pass_on(turn: Turn) -> None:
    """If nobody owns the room, give it to who has the highest role, and of those to who came
    first; everybody sees it. Disabled accounts come last. Silent for a room that nobody is left
    in."""
    members = await turn.unit.memberships.list_members(turn.room.id)
    if not members or any(member.membership.role is Role.OWNER for member in members):
        return
    heir = min(
        members,
        key=lambda member: (
            member.user.is_disabled,
            -member.membership.role.rank,
            member.membership.joined_at,
            member.user.id,
        ),
    )
    heir.membership.role = Role.OWNER
    await turn.unit.memberships.save(heir.membership)
    turn.receive(
        Entry(kind=Kind.ROLE_CHANGED, author=None, subject=heir.user.person, text=Role.OWNER.value)
    )
