from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from application.limits import Limits
from application.ports.store import Store
from application.shared_replay import SharedReplay
from domain.ids import RoomId
from domain.message import Message
from domain.room import Room


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

    def __init__(self, store: Store, replay: SharedReplay, limits: Limits) -> None:
        self._store = store
        self._replay = replay
        self._limits = limits

    async def __call__(
        self, rooms: Iterable[Room], *, epoch: str, positions: Mapping[RoomId, int]
    ) -> list[Replay | Reset]:
        """One verdict for each of these rooms that has a position. They are rooms of the reader,
        as they were just read; what follows their heads is told otherwise."""
        return [
            await self._resume(room, positions[room.id], epoch)
            for room in rooms
            if room.id in positions
        ]

    async def _resume(self, room: Room, seq: int, epoch: str) -> Replay | Reset:
        missed = room.head - seq
        another_life = epoch != self._store.epoch or missed < 0
        if another_life or seq < room.floor or missed > self._limits.replay:
            return Reset(room.id, room.head, room.floor)
        if missed == 0:
            return Replay(room.id, [])
        messages = await self._replay.read(room.id, after=seq, upto=room.head)
        if len(messages) < missed:  # It was cleared since.
            return Reset(room.id, room.head, room.floor)
        return Replay(room.id, messages)
