from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from application.access import require
from application.command_traces import is_left_by, output, output_then
from application.ports.message_log import AuthorKey, KeyTaken
from application.ports.store import Store
from application.use_cases.change_role import ChangeRole
from application.use_cases.clear_room import ClearRoom
from application.use_cases.invite_member import InviteMember
from application.use_cases.leave_room import LeaveRoom
from application.use_cases.remove_member import RemoveMember
from application.use_cases.rename_room import RenameRoom
from application.use_cases.set_topic import SetTopic
from domain.command import COMMANDS, Command, explain, find_command
from domain.errors import KeyReused, UnknownCommand
from domain.ids import RoomId
from domain.permissions import Permission
from domain.user import User


@dataclass(frozen=True, slots=True)
class Typed:
    """A command as somebody typed it in a room."""

    actor: User
    room_id: RoomId
    command: Command
    key: AuthorKey

    def argument(self, position: int) -> str:
        return self.command.argument(position)


@dataclass(frozen=True, slots=True)
class Ran:
    """What the asker is told. `duplicate`: it was done before; nothing was done now."""

    output: str
    duplicate: bool = False


Runner = Callable[[Typed], Awaitable[str]]


class RunCommand:
    """A member types a slash command. It does what the use case of that name does, under the same
    permissions, and answers the asker alone. What it leaves in the log is stored under the asker's
    key, so that repeating it is harmless, like repeating a post."""

    def __init__(
        self,
        store: Store,
        *,
        invite_member: InviteMember,
        leave_room: LeaveRoom,
        set_topic: SetTopic,
        rename_room: RenameRoom,
        remove_member: RemoveMember,
        change_role: ChangeRole,
        clear_room: ClearRoom,
    ) -> None:
        self._store = store
        self._invite_member = invite_member
        self._leave_room = leave_room
        self._set_topic = set_topic
        self._rename_room = rename_room
        self._remove_member = remove_member
        self._change_role = change_role
        self._clear_room = clear_room
        self._runners: dict[str, Runner] = {
            "help": self._help,
            "invite": self._invite,
            "leave": self._leave,
            "topic": self._topic,
            "rename": self._rename,
            "kick": self._kick,
            "promote": self._promote,
            "demote": self._demote,
            "clear": self._clear,
        }

    async def __call__(self, actor: User, *, room_id: RoomId, command: Command, key: str) -> Ran:
        """Raises what the use case raises; `KeyReused` for the key of something else."""
        typed = Typed(actor, room_id, command, (actor.id, key))
        try:
            return Ran(await self._runners[command.name](typed))
        except KeyTaken:
            return Ran(await self._done_before(typed), duplicate=True)

    async def _done_before(self, typed: Typed) -> str:
        """What its asker was told then, or would have been."""
        async with self._store.view() as view:
            entry = (await view.log.find_by_keys([typed.key])).get(typed.key)
        if entry is None or entry.room_id != typed.room_id or not is_left_by(entry, typed.command):
            raise KeyReused
        return output_then(typed.command, entry)

    async def _help(self, typed: Typed) -> str:
        async with self._store.view() as view:
            access = await require(view, typed.actor, typed.room_id, Permission.READ)
        wanted = typed.argument(0)
        if wanted:
            spec = find_command(wanted)
            if spec is None:
                raise UnknownCommand(f"There is no command /{wanted[:40]}.")
            return explain([spec])
        return explain(
            spec for spec in COMMANDS if spec.permission is None or access.may(spec.permission)
        )

    async def _invite(self, typed: Typed) -> str:
        user = await self._invite_member(
            typed.actor, room_id=typed.room_id, username=typed.argument(0), key=typed.key
        )
        return output(typed.command, who=user.display_name)

    async def _leave(self, typed: Typed) -> str:
        await self._leave_room(typed.actor, room_id=typed.room_id, key=typed.key)
        return output(typed.command)

    async def _topic(self, typed: Typed) -> str:
        await self._set_topic(
            typed.actor, room_id=typed.room_id, topic=typed.argument(0), key=typed.key
        )
        return output(typed.command)

    async def _rename(self, typed: Typed) -> str:
        await self._rename_room(
            typed.actor, room_id=typed.room_id, name=typed.argument(0), key=typed.key
        )
        return output(typed.command)

    async def _kick(self, typed: Typed) -> str:
        user = await self._remove_member(
            typed.actor,
            room_id=typed.room_id,
            username=typed.argument(0),
            reason=typed.argument(1),
            key=typed.key,
        )
        return output(typed.command, who=user.display_name)

    async def _promote(self, typed: Typed) -> str:
        member = await self._change_role.promote(
            typed.actor, room_id=typed.room_id, username=typed.argument(0), key=typed.key
        )
        return output(typed.command, who=member.user.display_name, text=member.membership.role)

    async def _demote(self, typed: Typed) -> str:
        member = await self._change_role.demote(
            typed.actor, room_id=typed.room_id, username=typed.argument(0), key=typed.key
        )
        return output(typed.command, who=member.user.display_name, text=member.membership.role)

    async def _clear(self, typed: Typed) -> str:
        await self._clear_room(typed.actor, room_id=typed.room_id, key=typed.key)
        return output(typed.command)
