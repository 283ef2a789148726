"""Hits of a search as they come from the store: from one room in the order of its log, from
several merged by time, the latest first."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from application.ports.store import Unit
from domain.errors import InvalidField
from domain.ids import RoomId
from domain.message import Message
from domain.search import Wanted

ENDLESS = 2**53
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a search went on: after this message of the answer before."""

    at: datetime
    room_id: RoomId
    seq: int

    @classmethod
    def of(cls, message: Message) -> "Cursor":
        return cls(message.at, message.room_id, message.seq)

    @classmethod
    def read(cls, written: str) -> "Cursor":
        """Raises `InvalidField`."""
        try:
            milliseconds, room_id, seq = written.split(".")
            at = datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
            return cls(at, RoomId(room_id), int(seq))
        except (ValueError, OverflowError, OSError):
            raise InvalidField("before", "is not what an answer gave as next") from None

    @property
    def written(self) -> str:
        return f"{round(self.at.timestamp() * 1000)}.{self.room_id}.{self.seq}"

    def is_past(self, message: Message) -> bool:
        """Whether the message was on an earlier page already."""
        return _order(message) <= (-self.at.timestamp(), self.room_id, -self.seq)


@dataclass(slots=True)
class RoomHits:
    """The hits of one room, some at a time."""

    view: Unit
    room_id: RoomId
    wanted: Wanted
    batch: int
    before: int = ENDLESS
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
        after: Cursor | None,
        batch: int,
    ) -> None:
        self._after = after
        if len(room_ids) == 1:
            before = after.seq if after else ENDLESS
            self._rooms = [RoomHits(view, room_ids[0], wanted, batch, before)]
            self._after = None  # In one room the log's own order decides, whatever clocks say.
        else:
            until = _earlier(wanted.until, after.at + _MILLISECOND if after else None)
            earlier = replace(wanted, until=until)
            self._rooms = [RoomHits(view, room_id, earlier, batch) for room_id in room_ids]

    async def next(self) -> Message | None:
        """None when there is nothing more."""
        while True:
            nexts = [(await room.peek(), room) for room in self._rooms]
            self._rooms = [room for message, room in nexts if message]
            waiting = [(message, room) for message, room in nexts if message]
            if not waiting:
                return None
            message, room = min(waiting, key=lambda each: _order(each[0]))
            room.drop()
            if self._after is None or not self._after.is_past(message):
                return message


def _order(message: Message) -> tuple[float, RoomId, int]:
    return -message.at.timestamp(), message.room_id, -message.seq


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((each for each in (one, other) if each), default=None)
