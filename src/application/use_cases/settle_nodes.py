import contextlib

from application.attendance import Attendance
from application.ports.notifier import Notifier
from application.ports.presence_board import PresenceBoard
from application.ports.store import Store
from application.use_cases.connect import tell_presence
from domain.errors import DomainError


class SettleNodes:
    """The server itself, every few seconds: when a node has died, one of the others tells of the
    people who were on it, and are nowhere else, that they have gone."""

    def __init__(
        self, store: Store, board: PresenceBoard, notifier: Notifier, attendance: Attendance
    ) -> None:
        self._store = store
        self._board = board
        self._notifier = notifier
        self._attendance = attendance

    async def __call__(self) -> None:
        unsettled = await self._board.unsettled()
        ids = unsettled.people | {user_id for _, user_id in unsettled.presences}
        if not ids:
            return
        async with self._store.view() as view:
            people = {user.id: user for user in await view.users.list_by_id(ids)}
            joined = await view.memberships.list_rooms_of(unsettled.people)
        for user_id in unsettled.people & people.keys():
            rooms = [room for room, _ in joined[user_id]]
            await tell_presence(self._board, self._notifier, people[user_id], rooms)
        for room_id, user_id in unsettled.presences:
            if user := people.get(user_id):
                with contextlib.suppress(DomainError):  # An archived room tells nothing any more.
                    await self._attendance.settle(room_id, user.person)
