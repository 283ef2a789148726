from application.access import require
from application.people import get_user
from application.ports.message_log import AuthorKey
from application.ports.rate_limits import Action, RateLimits
from application.room_writer import RoomWriter, Turn
from domain.errors import AlreadyAMember
from domain.ids import RoomId
from domain.membership import Membership
from domain.message import Entry, Kind
from domain.permissions import Permission
from domain.user import User


class InviteMember:
    """A member adds somebody to the room, who is in it from then on; everybody sees it."""

    def __init__(self, writer: RoomWriter, limits: RateLimits) -> None:
        self._writer = writer
        self._limits = limits

    async def __call__(
        self, actor: User, *, room_id: RoomId, username: str, key: AuthorKey | None = None
    ) -> User:
        """Returns who was added. `key`: as `RoomWriter.change` takes it. Raises `UserNotFound`,
        `UserDisabled`, `AlreadyAMember`, `RateLimited`, and what the door raises."""
        await self._limits.require(Action.CHANGE_ROOMS, actor.id)

        async def invite(turn: Turn) -> User:
            await require(turn.unit, actor, room_id, Permission.INVITE)
            user = await get_user(turn.unit, username)
            if await turn.unit.memberships.find(room_id, user.id):
                raise AlreadyAMember(user.username.value)
            read = turn.room.head  # The invitation itself is news, what was before is history.
            message = turn.receive(
                Entry(kind=Kind.INVITED, author=actor.person, subject=user.person)
            )
            await turn.unit.memberships.add(
                Membership(room_id=room_id, user_id=user.id, joined_at=message.at, read=read)
            )
            return user

        return await self._writer.change(room_id, invite, key=key)
