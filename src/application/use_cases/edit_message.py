from application.access import require
from application.limits import Limits
from application.ports.rate_limits import Action, RateLimits
from application.room_writer import RoomWriter, Turn
from domain.command import unescaped
from domain.errors import MessageNotFound, PermissionDenied
from domain.ids import RoomId
from domain.message import Entry, Kind, Message
from domain.permissions import Permission
from domain.text import checked_text, mentioned_names
from domain.user import User


class EditMessage:
    """The author of a post, still a member who may post, says it better. Readers see the new text
    and that it was edited."""

    def __init__(self, writer: RoomWriter, rate_limits: RateLimits, limits: Limits) -> None:
        self._writer = writer
        self._rate_limits = rate_limits
        self._limits = limits

    async def __call__(self, actor: User, *, room_id: RoomId, seq: int, text: str) -> Message:
        """Returns the `edited` entry. Raises `MessageNotFound`, `PermissionDenied`,
        `RateLimited`: it is stored and told like a post. No edit is a command, but a second
        slash at its start is taken for what keeps a post from being one."""
        text = checked_text("text", text, longest=self._limits.text)
        await self._rate_limits.require(Action.POST, actor.id)
        text = unescaped(text)

        async def edit(turn: Turn) -> Message:
            await require(turn.unit, actor, room_id, Permission.POST)
            message = await turn.unit.log.find(room_id, seq)
            if message is None or message.kind is not Kind.POSTED or message.deleted:
                raise MessageNotFound
            if not message.is_by(actor.id):
                raise PermissionDenied("Only its author may edit a message.")
            named = await turn.unit.memberships.find_by_names(room_id, mentioned_names(text))
            mentions = tuple(sorted(set(named.values())))
            entry = turn.receive(
                Entry(
                    kind=Kind.EDITED,
                    author=actor.person,
                    text=text,
                    target=seq,
                    mentions=mentions,
                )
            )
            await turn.unit.log.edit(room_id, seq, text=text, mentions=mentions, edited_at=entry.at)
            return entry

        return await self._writer.change(room_id, edit)
