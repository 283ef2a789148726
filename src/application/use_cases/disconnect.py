import contextlib
from collections.abc import Sequence

from application.attendance import BLIND_PAUSE, Attendance
from application.gathering import Gathering
from application.grace import Grace
from application.ports.notifier import Notifier
from application.ports.presence_board import PresenceBoard
from application.ports.store import Store
from application.use_cases.connect import tell_presence
from domain.errors import DomainError
from domain.ids import ConnectionId, UserId
from domain.room import Room
from domain.user import User


class Disconnect:
    """A person's connection ended, however it did. It counts until a grace is over, so that nobody
    sees or hears anything of a reload. Then, unless they are back, those who share a room see them
    offline, and the rooms they had open tell that they have gone."""

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
        self._rooms = Gathering(self._read_rooms)

    async def __call__(self, actor: User, *, connection_id: ConnectionId) -> None:
        """Silent for a connection that is unknown or gone already."""

        async def go() -> None:
            await self._go(actor, connection_id)

        self._grace.give(("gone", connection_id), go)

    async def _go(self, actor: User, connection_id: ConnectionId) -> None:
        rooms = await self._board.rooms_of(actor.id, connection_id)
        was_online = await self._board.online([actor.id])
        is_last = await self._board.disconnect(actor.id, connection_id)
        for room_id in rooms:
            with contextlib.suppress(DomainError):  # The room may be gone: the others remain.
                await self._attendance.depart(room_id, actor.person)
        if was_online and is_last:
            await self._go_offline(actor)

    async def _go_offline(self, actor: User) -> None:
        if not self._board.sees_all:  # They may be on another node: nobody can say it yet.
            self._grace.give(
                ("online", actor.id), lambda: self._go_offline(actor), at_least=BLIND_PAUSE
            )
        elif not await self._board.online([actor.id]):
            rooms = await self._rooms.ask(actor.id)
            await tell_presence(self._board, self._notifier, actor, rooms)

    async def _read_rooms(self, people: Sequence[UserId]) -> list[list[Room]]:
        async with self._store.view() as view:
            rooms = await view.memberships.list_rooms_of(set(people))
        return [[room for room, _ in rooms[user_id]] for user_id in people]
