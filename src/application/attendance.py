"""What the log of a room tells of who has it open: `arrived` and `departed`, once per person.

What was told last is kept in the membership, in the same unit as the entry. So nothing is told
twice, by whichever node, and after a crash it is known who must still be told to have gone.
"""

from application.grace import Grace
from application.ports.presence_board import PresenceBoard
from application.room_writer import RoomWriter, Turn
from domain.ids import RoomId
from domain.membership import Membership
from domain.message import Entry, Kind
from domain.room import Room
from domain.user import Person

# How often it is looked whether the board sees all nodes again, while somebody waits for it.
# Seconds.
BLIND_PAUSE = 5.0


class Attendance:
    def __init__(self, writer: RoomWriter, board: PresenceBoard, grace: Grace) -> None:
        self._writer = writer
        self._board = board
        self._grace = grace

    async def arrive(self, room: Room, membership: Membership, person: Person) -> bool:
        """Tell that the person is here, unless that was the last thing told of them. True if
        the room's log has grown."""
        self._grace.call_off(("present", room.id, person.id))
        if not await self._board.is_present(room.id, person.id):
            # The connection went meanwhile, and its farewell may be what was called off.
            await self.depart_soon(room.id, person)
            return False
        if membership.present or not room.records_presence:
            return False
        await self._tell(room.id, person, present=True)
        return True

    async def depart_soon(self, room_id: RoomId, person: Person) -> None:
        """Tell after the grace that the person has gone, unless they are back by then."""
        if not await self._board.is_present(room_id, person.id):
            self._depart_later(room_id, person)

    async def depart(self, room_id: RoomId, person: Person) -> None:
        """Tell that the person has gone, unless they have the room open somewhere. As long as
        nobody can say that, it waits."""
        if await self._board.is_present(room_id, person.id):
            return
        if not self._board.sees_all:
            self._depart_later(room_id, person, at_least=BLIND_PAUSE)
            return
        await self._tell(room_id, person, present=False)
        if await self._board.is_present(room_id, person.id):  # They came while it was stored.
            await self._tell(room_id, person, present=True)

    async def settle(self, room_id: RoomId, person: Person) -> None:
        """Tell what is so, if something else was told last."""
        if await self._board.is_present(room_id, person.id):
            await self._tell(room_id, person, present=True)
        else:
            await self.depart(room_id, person)

    def _depart_later(self, room_id: RoomId, person: Person, *, at_least: float = 0.0) -> None:
        async def depart() -> None:
            await self.depart(room_id, person)

        self._grace.give(("present", room_id, person.id), depart, at_least=at_least)

    async def _tell(self, room_id: RoomId, person: Person, *, present: bool) -> None:
        async def tell(turn: Turn) -> None:
            membership = await turn.unit.memberships.find(room_id, person.id)
            if membership is None or membership.present is present:
                return
            if present and not turn.room.records_presence:
                return
            membership.present = present
            await turn.unit.memberships.save(membership)
            if turn.room.records_presence:
                kind = Kind.ARRIVED if present else Kind.DEPARTED
                turn.receive(Entry(kind=kind, author=person))

        await self._writer.change(room_id, tell)
