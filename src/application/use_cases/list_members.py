from application.access import require
from application.ports.presence_board import PresenceBoard
from application.ports.store import Store
from application.profile import Profile
from domain.ids import RoomId
from domain.permissions import Permission
from domain.user import User


class ListMembers:
    """Members see who else is in the room, by name, with roles and presence."""

    def __init__(self, store: Store, board: PresenceBoard) -> None:
        self._store = store
        self._board = board

    async def __call__(self, actor: User, *, room_id: RoomId) -> list[Profile]:
        """Raises what the door raises."""
        async with self._store.view() as view:
            await require(view, actor, room_id, Permission.READ)
            members = await view.memberships.list_members(room_id)
        online = await self._board.online(member.user.id for member in members)
        return [
            Profile(member.user.person, member.user.id in online, member.membership.role)
            for member in members
        ]
