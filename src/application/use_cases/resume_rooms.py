from collections.abc import Mapping
from dataclasses import dataclass

from application.access import require
from application.limits import Limits
from application.ports.store import Store, Unit
from domain.errors import Forbidden, NotFound
from domain.ids import RoomId
from domain.message import Message
from domain.permissions import Permission
from domain.user import User


@dataclass(frozen=True, slots=True)
class Replay:
    """Everything after the reader's last seq, complete."""

    room_id: RoomId
    messages: list[Message]


@dataclass(frozen=True, slots=True)
class Reset:
    """Too much was missed, or what the reader holds is no longer true: load a page."""

    room_id: RoomId
    head: int
    floor: int


class ResumeRooms:
    """A reader comes back and says what they saw last in each room. They get all of the rest, or
    are told to start anew; never something with a hole in it."""

    def __init__(self, store: Store, limits: Limits) -> None:
        self._store = store
        self._limits = limits

    async def __call__(
        self, actor: User, *, epoch: str, positions: Mapping[RoomId, int]
    ) -> list[Replay | Reset]:
        """One verdict for each room that the actor may read; the others are left out."""
        verdicts: list[Replay | Reset] = []
        async with self._store.view() as view:
            for room_id, seq in positions.items():
                try:
                    verdict = await self._resume(view, actor, room_id, seq, epoch)
                except (Forbidden, NotFound):
                    continue  # Removed meanwhile: the room is not in their list either.
                verdicts.append(verdict)
        return verdicts

    async def _resume(
        self, view: Unit, actor: User, room_id: RoomId, seq: int, epoch: str
    ) -> Replay | Reset:
        room = (await require(view, actor, room_id, Permission.READ)).room
        missed = room.head - seq
        another_life = epoch != self._store.epoch or missed < 0
        if another_life or seq < room.floor or missed > self._limits.replay:
            return Reset(room_id, room.head, room.floor)
        if missed == 0:
            return Replay(room_id, [])
        return Replay(room_id, await view.log.replay(room_id, seq, limit=missed))
