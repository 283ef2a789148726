from application.attendance import BLIND_PAUSE, Attendance
from application.grace import Grace
from application.ports.notifier import Notifier
from application.ports.presence_board import PresenceBoard
from application.ports.store import Store
from application.use_cases.connect import publish_presence
from domain.ids import ConnectionId
from domain.user import User


class Disconnect:
    """A person's connection ended, however it did. After a grace, unless they are back, those who
    share a room see them offline, and the rooms they had open tell that they have gone."""

    def __init__(
        self,
        store: Store,
        board: PresenceBoard,
        notifier: Notifier,
        grace: Grace,
        attendance: Attendance,
    ) -> None:
        self._store = store
        self._board = board
        self._notifier = notifier
        self._grace = grace
        self._attendance = attendance

    async def __call__(self, actor: User, *, connection_id: ConnectionId) -> None:
        """Silent for a connection that is unknown or gone already."""
        rooms = await self._board.rooms_of(actor.id, connection_id)
        was_online = await self._board.online([actor.id])
        is_last = await self._board.disconnect(actor.id, connection_id)
        for room_id in rooms:
            await self._attendance.depart_soon(room_id, actor.person)
        if was_online and is_last:
            self._go_offline_later(actor)

    def _go_offline_later(self, actor: User, *, at_least: float = 0.0) -> None:
        async def go_offline() -> None:
            if await self._board.online([actor.id]):
                return
            if self._board.sees_all:
                await publish_presence(self._store, self._board, self._notifier, actor)
            else:  # They may be on another node: nobody can say it yet.
                self._go_offline_later(actor, at_least=BLIND_PAUSE)

        self._grace.give(("online", actor.id), go_offline, at_least=at_least)
