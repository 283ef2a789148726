from application.access import require
from application.ports.rate_limits import Action, RateLimits
from application.room_writer import RoomWriter, Turn
from domain.errors import MessageNotFound
from domain.ids import RoomId
from domain.message import Entry, Kind, Message
from domain.permissions import Permission
from domain.user import User


class DeleteMessage:
    """The author, or a moderator, deletes a post. Its text disappears everywhere, the earlier
    wordings included; that there was a message remains."""

    def __init__(self, writer: RoomWriter, rate_limits: RateLimits) -> None:
        self._writer = writer
        self._rate_limits = rate_limits

    async def __call__(self, actor: User, *, room_id: RoomId, seq: int) -> Message:
        """Returns the `deleted` entry. Raises `MessageNotFound`, `PermissionDenied`,
        `RateLimited`: it is stored and told like a post."""
        await self._rate_limits.require(Action.POST, actor.id)

        async def delete(turn: Turn) -> Message:
            access = await require(turn.unit, actor, room_id, Permission.POST)
            message = await turn.unit.log.find(room_id, seq)
            if message is None or message.kind is not Kind.POSTED or message.deleted:
                raise MessageNotFound
            if not message.is_by(actor.id):
                access.require(Permission.DELETE_ANY)
            await turn.unit.log.scrub(room_id, seq)
            return turn.receive(Entry(kind=Kind.DELETED, author=actor.person, target=seq))

        return await self._writer.change(room_id, delete)
