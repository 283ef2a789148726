from application.ports.rate_limits import Action, RateLimits
from application.room_summary import RoomSummary
from application.room_writer import RoomWriter, Turn
from application.use_cases.get_room import GetRoom
from domain.errors import RoomNotFound
from domain.ids import RoomId
from domain.membership import Membership
from domain.message import Entry, Kind
from domain.permissions import Role
from domain.user import User


class JoinRoom:
    """Anybody signed in may join a public room; its members see it. Joining again does nothing.
    Whoever joins a room that nobody is left in becomes its owner."""

    def __init__(self, writer: RoomWriter, limits: RateLimits, get_room: GetRoom) -> None:
        self._writer = writer
        self._limits = limits
        self._get_room = get_room

    async def __call__(self, actor: User, *, room_id: RoomId) -> RoomSummary:
        """Raises `RoomNotFound`, for rooms that are not public too."""
        room = await self._get_room(actor, room_id=room_id)
        if room.membership is None:
            await self._limits.require(Action.CHANGE_ROOMS, actor.id)

            async def join(turn: Turn) -> None:
                await _join(turn, actor)

            await self._writer.change(room_id, join)
        return await self._get_room(actor, room_id=room_id)


async def _join(turn: Turn, actor: User) -> None:
    if await turn.unit.memberships.find(turn.room.id, actor.id):
        return
    if not turn.room.is_public:
        raise RoomNotFound
    role = Role.MEMBER if turn.room.members else Role.OWNER
    message = turn.receive(Entry(kind=Kind.JOINED, author=actor.person))
    await turn.unit.memberships.add(
        Membership(
            room_id=turn.room.id,
            user_id=actor.id,
            role=role,
            joined_at=message.at,
            read=message.seq,  # What was said before they came is history, not news.
        )
    )
