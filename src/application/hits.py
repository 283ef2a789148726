"""Hits of a search as they come from the store: from one room in the order of its log, from
several merged by time, the latest first."""

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from application.ports.store import Unit
from domain.errors import InvalidField
from domain.ids import RoomId, is_id
from domain.message import Message
from domain.search import Wanted

ENDLESS = 2**53


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a search goes on: in each room before this seq, from the end where there is none.

    It goes by seqs alone. Clocks go back now and then, and a hit that a time had cut off would
    never be seen.
    """

    before: Mapping[RoomId, int]

    @classmethod
    def read(cls, written: str) -> "Cursor":
        """Raises `InvalidField`."""
        before: dict[RoomId, int] = {}
        for part in written.split("_") if written else []:
            room_id, _, seq = part.partition(".")
            if not (is_id(room_id) and re.fullmatch(r"[0-9]{1,16}", seq, re.ASCII)):
                raise InvalidField("before", "is not what an answer gave as next")
            before[RoomId(room_id)] = int(seq)
        return cls(before)

    @property
    def written(self) -> str:
        return "_".join(f"{room_id}.{seq}" for room_id, seq in self.before.items())


@dataclass(slots=True)
class RoomHits:
    """The hits of one room, some at a time."""

    view: Unit
    room_id: RoomId
    wanted: Wanted
    batch: int
    before: int
    _read: deque[Message] = field(default_factory=deque)
    _is_over: bool = False

    async def peek(self) -> Message | None:
        """The next hit, or None after the last."""
        if not self._read and not self._is_over:
            found = await self.view.log.search(
                self.room_id, self.wanted, before=self.before, limit=self.batch
            )
            self._is_over = len(found) < self.batch
            self._read.extend(found)
        return self._read[0] if self._read else None

    def drop(self) -> None:
        self.before = self._read.popleft().seq


class Hits:
    """What comes next from all the rooms."""

    def __init__(
        self,
        view: Unit,
        room_ids: Sequence[RoomId],
        wanted: Wanted,
        *,
        after: Cursor,
        batch: int,
    ) -> None:
        self._begun = {room: seq for room, seq in after.before.items() if room in set(room_ids)}
        self._rooms = [
            RoomHits(view, room_id, wanted, batch, self._begun.get(room_id, ENDLESS))
            for room_id in room_ids
        ]

    @property
    def cursor(self) -> Cursor:
        """Behind all that was taken so far."""
        return Cursor(dict(self._begun))

    async def peek(self) -> Message | None:
        """None when there is nothing more."""
        nexts = [(message, room) for room in self._rooms if (message := await room.peek())]
        self._rooms = [room for _, room in nexts]
        return max(nexts, key=_latest)[0] if nexts else None

    async def take(self) -> None:
        """Go behind what `peek` gave."""
        message = await self.peek()
        for room in self._rooms:
            if message is not None and room.room_id == message.room_id:
                room.drop()
                self._begun[room.room_id] = room.before


def _latest(hit: tuple[Message, RoomHits]) -> tuple[float, RoomId]:
    message, _ = hit
    return message.at.timestamp(), message.room_id
