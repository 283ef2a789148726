import contextlib

from application.attendance import Attendance
from application.ports.presence_board import PresenceBoard
from application.ports.store import Store
from domain.errors import DomainError


class SettlePresence:
    """The server itself, some time after it started: whoever the logs call present, and who did
    not come back after a crash or a restart, to this node or another, is told to have gone."""

    def __init__(self, store: Store, board: PresenceBoard, attendance: Attendance) -> None:
        self._store = store
        self._board = board
        self._attendance = attendance

    async def __call__(self) -> bool:
        """False if it cannot be said now who is where: then nobody is told anything of."""
        if not self._board.sees_all:
            return False
        async with self._store.view() as view:
            memberships = await view.memberships.list_present()
            users = await view.users.list_by_id({each.user_id for each in memberships})
        people = {user.id: user.person for user in users}
        for membership in memberships:
            person = people.get(membership.user_id)
            if person is None:
                continue  # Their row cannot be read: nobody can say who has gone.
            with contextlib.suppress(DomainError):  # An archived room tells nothing any more.
                await self._attendance.depart(membership.room_id, person)
        return self._board.sees_all
