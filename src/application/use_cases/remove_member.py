from application.access import require
from application.people import get_member
from application.ports.message_log import AuthorKey
from application.room_writer import RoomWriter, Turn
from application.succession import pass_on
from domain.errors import NotYourself, Outranked
from domain.ids import RoomId
from domain.message import Entry, Kind
from domain.permissions import Permission
from domain.text import checked_line
from domain.user import User

LONGEST_REASON = 250


class RemoveMember:
    """A moderator or owner removes somebody of a lower role; everybody sees who did it and why.
    Nothing that is said later reaches the removed person's sockets."""

    def __init__(self, writer: RoomWriter) -> None:
        self._writer = writer

    async def __call__(
        self,
        actor: User,
        *,
        room_id: RoomId,
        username: str,
        reason: str = "",
        key: AuthorKey | None = None,
    ) -> User:
        """Returns who was removed. `key`: as `RoomWriter.change` takes it. Raises `UserNotFound`,
        `NotYourself`, `Outranked`, and what the door raises."""
        reason = checked_line("reason", reason, longest=LONGEST_REASON)

        async def remove(turn: Turn) -> User:
            access = await require(turn.unit, actor, room_id, Permission.REMOVE_MEMBER)
            member = await get_member(turn.unit, room_id, username)
            if member.user.id == actor.id:
                raise NotYourself
            if not actor.is_site_owner and not access.outranks(member):
                raise Outranked(member.user.username.value)
            await turn.unit.memberships.remove(room_id, member.user.id)
            turn.receive(
                Entry(
                    kind=Kind.REMOVED,
                    author=actor.person,
                    subject=member.user.person,
                    text=reason,
                )
            )
            await pass_on(turn)  # The site's owner may have removed the last owner.
            return member.user

        return await self._writer.change(room_id, remove, key=key)
