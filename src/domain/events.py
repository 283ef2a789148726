"""What happened, told to every gateway after it is stored. A hint: an event may be lost, the
store is the truth, and whoever sees a jump in `seq` reads the log."""

from dataclasses import dataclass

from domain.ids import RoomId, SessionId, UserId
from domain.message import Message
from domain.user import Person


@dataclass(frozen=True, slots=True)
class RoomAppended:
    """Consecutive new messages of one room, in the order of their seq; never empty."""

    room_id: RoomId
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class RoomArchived:
    room_id: RoomId


@dataclass(frozen=True, slots=True)
class PersonTyped:
    room_id: RoomId
    person: Person


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """Somebody came online with their first connection, or went offline with their last."""

    person: Person
    online: bool
    room_ids: tuple[RoomId, ...]


@dataclass(frozen=True, slots=True)
class ReadMoved:
    """A person read on, on one of their devices."""

    user_id: UserId
    room_id: RoomId
    read: int
    unread: int
    mentions: int


@dataclass(frozen=True, slots=True)
class PersonRenamed:
    """Somebody is shown by another name from now on, in these rooms of theirs."""

    person: Person
    room_ids: tuple[RoomId, ...]


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """These sessions of the person are no longer valid; their sockets must close."""

    user_id: UserId
    session_ids: tuple[SessionId, ...]


@dataclass(frozen=True, slots=True)
class RoomsMissed:
    """Something that other nodes told of these rooms may have been lost up to now; what they tell
    from now on comes in. The logs know the rest. Told by the notifier itself."""

    room_ids: tuple[RoomId, ...]


@dataclass(frozen=True, slots=True)
class PeopleMissed:
    """The same of people: who has joined a room, whose session ended. Told by the notifier."""


Event = (
    RoomAppended
    | RoomArchived
    | PersonTyped
    | PresenceChanged
    | ReadMoved
    | PersonRenamed
    | SessionsEnded
    | RoomsMissed
    | PeopleMissed
)
