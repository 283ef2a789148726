"""One open socket of a person."""

from collections.abc import Callable, Iterable

from adapters.ws.dialects import Dialect
from adapters.ws.outbox import Outbox
from domain.events import RoomAppended, RoomArchived
from domain.ids import ConnectionId, RoomId, SessionId
from domain.user import User

End = Callable[[int, str], None]


class Connection:
    """`rooms` are those it listens to, each with the seq after which it does. `only` is the single
    room that a plain socket is about; None: all rooms of the person. `departures` counts how often
    it was told that a room is gone for it.

    Until it is `settled` nothing is pushed to it. While it is being greeted, what happens in
    rooms is kept back in `missed`, because it belongs behind the answer to its hello.
    """

    __slots__ = (
        "departures",
        "dialect",
        "end",
        "id",
        "missed",
        "only",
        "outbox",
        "rooms",
        "session_id",
        "settled",
        "user",
    )

    def __init__(
        self,
        connection_id: ConnectionId,
        user: User,
        session_id: SessionId,
        dialect: Dialect,
    ) -> None:
        self.id = connection_id
        self.user = user
        self.session_id = session_id
        self.dialect = dialect
        self.only: RoomId | None = None
        self.rooms: dict[RoomId, int] = {}
        self.departures = 0
        self.settled = False
        self.missed: list[RoomAppended | RoomArchived] = []
        self.outbox: Outbox
        self.end: End

    def push(self, kind: str, **fields: object) -> None:
        if self.settled and (frames := self.dialect.push(kind, fields)):
            self.outbox.put(frames)

    def wants(self, room_id: RoomId) -> bool:
        return self.only is None or self.only == room_id


def push_all(connections: Iterable[Connection], kind: str, **fields: object) -> None:
    """The same push to all of them, encoded once for each dialect."""
    encoded: dict[Dialect, bytes] = {}
    for connection in connections:
        if not connection.settled:
            continue
        frames = encoded.get(connection.dialect)
        if frames is None:
            frames = encoded[connection.dialect] = connection.dialect.push(kind, fields)
        if frames:
            connection.outbox.put(frames)
