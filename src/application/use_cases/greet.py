from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from application.ports.clock import Clock
from application.ports.store import Store
from application.room_summary import RoomSummary
from application.use_cases.connect import Connect
from application.use_cases.resume_rooms import Replay, Reset, ResumeRooms
from domain.ids import ConnectionId, RoomId
from domain.user import User


@dataclass(frozen=True, slots=True)
class Positions:
    """What a client that comes back has: the last seq it saw in each room, in which epoch."""

    epoch: str
    rooms: Mapping[RoomId, int]


@dataclass(frozen=True, slots=True)
class Greeting:
    """`verdicts` are for the rooms that the client resumes."""

    epoch: str
    server_time: datetime
    rooms: list[RoomSummary]
    verdicts: list[Replay | Reset]


class Greet:
    """A person's client says hello: it is told all it needs to show, or to go on showing, the
    person's rooms, and the person is online from now on."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        connect: Connect,
        resume_rooms: ResumeRooms,
    ) -> None:
        self._store = store
        self._clock = clock
        self._connect = connect
        self._resume_rooms = resume_rooms

    async def __call__(
        self, actor: User, *, connection_id: ConnectionId, resume: Positions | None = None
    ) -> Greeting:
        """Whoever relays live messages must keep them from before this call on."""
        rooms = await self._connect(actor, connection_id=connection_id)
        verdicts: list[Replay | Reset] = []
        if resume:  # Only of their own rooms: a client may name thousands of others.
            mine = [summary.room for summary in rooms]
            verdicts = await self._resume_rooms(mine, epoch=resume.epoch, positions=resume.rooms)
        return Greeting(self._store.epoch, self._clock.now(), rooms, verdicts)
