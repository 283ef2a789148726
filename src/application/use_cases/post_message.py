from dataclasses import dataclass

from application.limits import Limits
from application.ports.rate_limits import Action, RateLimits
from application.posting import Post, Posted
from application.room_writer import RoomWriter
from application.use_cases.run_command import RunCommand
from domain.command import is_command, parse_command, unescaped
from domain.ids import RoomId
from domain.text import checked_key, checked_text
from domain.user import User


@dataclass(frozen=True, slots=True)
class CommandOutput:
    """What a slash command says, to the asker alone. `duplicate`: it was run before, under the
    same key; nothing was done now."""

    command: str
    text: str
    duplicate: bool = False


class PostMessage:
    """A member says something in a room: everybody there reads it. A line that starts with one
    slash is a command instead; nothing of it is posted but what it does."""

    def __init__(
        self, writer: RoomWriter, rate_limits: RateLimits, run_command: RunCommand, limits: Limits
    ) -> None:
        self._writer = writer
        self._rate_limits = rate_limits
        self._run_command = run_command
        self._limits = limits

    async def __call__(
        self,
        actor: User,
        *,
        room_id: RoomId,
        key: str,
        text: str,
        reply_to: int | None = None,
    ) -> Posted | CommandOutput:
        """Returns once it is durable. The same key and text again return the first message as a
        duplicate, or the output of the command as one; the same key with another text raises
        `KeyReused`."""
        key = checked_key(key)
        text = checked_text("text", text, longest=self._limits.text)
        await self._rate_limits.require(Action.POST, actor.id)
        if is_command(text):
            command = parse_command(text)
            if command.name != "me":
                ran = await self._run_command(actor, room_id=room_id, command=command, key=key)
                return CommandOutput(command.name, ran.output, ran.duplicate)
            text = f"/me {command.argument(0)}"
        post = Post(author=actor, key=key, text=unescaped(text), reply_to=reply_to)
        return await self._writer.post(room_id, post)
