from collections.abc import Awaitable, Callable

from application.access import require
from application.ports.store import Store
from application.use_cases.change_role import ChangeRole
from application.use_cases.clear_room import ClearRoom
from application.use_cases.invite_member import InviteMember
from application.use_cases.leave_room import LeaveRoom
from application.use_cases.remove_member import RemoveMember
from application.use_cases.rename_room import RenameRoom
from application.use_cases.set_topic import SetTopic
from domain.command import COMMANDS, Command, explain, find_command
from domain.errors import UnknownCommand
from domain.ids import RoomId
from domain.permissions import Permission
from domain.user import User

Runner = Callable[[User, RoomId, Command], Awaitable[str]]


class RunCommand:
    """A member types a slash command. It does what the use case of that name does, under the same
    permissions, and answers the asker alone."""

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

    async def __call__(self, actor: User, *, room_id: RoomId, command: Command) -> str:
        """The output. Raises what the use case raises."""
        return await self._runners[command.name](actor, room_id, command)

    async def _help(self, actor: User, room_id: RoomId, command: Command) -> str:
        async with self._store.view() as view:
            access = await require(view, actor, room_id, Permission.READ)
        wanted = command.argument(0)
        if wanted:
            spec = find_command(wanted)
            if spec is None:
                raise UnknownCommand(f"There is no command /{wanted[:40]}.")
            return explain([spec])
        return explain(
            spec for spec in COMMANDS if spec.permission is None or access.may(spec.permission)
        )

    async def _invite(self, actor: User, room_id: RoomId, command: Command) -> str:
        username = command.argument(0)
        user = await self._invite_member(actor, room_id=room_id, username=username)
        return f"{user.display_name} is in this room now."

    async def _leave(self, actor: User, room_id: RoomId, command: Command) -> str:
        await self._leave_room(actor, room_id=room_id)
        return "You left the room."

    async def _topic(self, actor: User, room_id: RoomId, command: Command) -> str:
        await self._set_topic(actor, room_id=room_id, topic=command.argument(0))
        return "The topic is set."

    async def _rename(self, actor: User, room_id: RoomId, command: Command) -> str:
        await self._rename_room(actor, room_id=room_id, name=command.argument(0))
        return "The room is renamed."

    async def _kick(self, actor: User, room_id: RoomId, command: Command) -> str:
        user = await self._remove_member(
            actor, room_id=room_id, username=command.argument(0), reason=command.argument(1)
        )
        return f"{user.display_name} is no longer in this room."

    async def _promote(self, actor: User, room_id: RoomId, command: Command) -> str:
        member = await self._change_role.promote(
            actor, room_id=room_id, username=command.argument(0)
        )
        return f"{member.user.display_name} is {member.membership.role}."

    async def _demote(self, actor: User, room_id: RoomId, command: Command) -> str:
        member = await self._change_role.demote(
            actor, room_id=room_id, username=command.argument(0)
        )
        return f"{member.user.display_name} is {member.membership.role}."

    async def _clear(self, actor: User, room_id: RoomId, command: Command) -> str:
        await self._clear_room(actor, room_id=room_id)
        return "The history is cleared."
