"""Whether records belong together. Each may be right by itself, and the store that is made of them
still be one in which nobody can post."""

from collections.abc import Hashable

from application.moving.line_reading import InvalidLine
from application.ports.transfer import Account, Record
from domain.ids import RoomId, UserId
from domain.membership import Membership
from domain.message import CHANGES, Message
from domain.room import Room
from domain.session import Session
from domain.star import Star
from domain.user import User


class Coherence:
    """Is shown all records in the order of their places. What speaks of a person or a room comes
    after them there. That no key is used twice is left to the stores: theirs are too many to
    remember."""

    def __init__(self) -> None:
        self._people: set[UserId] = set()
        self._heads: dict[RoomId, int] = {}
        self._taken: set[tuple[str, Hashable]] = set()

    def require(self, record: Record) -> None:
        """Raises `InvalidLine` if it does not go with those that came before."""
        match record:
            case Message():
                self._require_message(record)
            case Account():
                self._require_account(record.user)
            case Room():
                self._require_room(record)
            case Membership() | Star():
                self._require_person(record.user_id)
                self._require_known_room(record.room_id)
            case Session():
                self._require_person(record.user_id)
                self._take("digest", record.digest)

    def _require_account(self, user: User) -> None:
        self._take("username", user.username.folded)
        if user.is_site_owner:
            self._take("site_role", user.site_role)
        self._people.add(user.id)

    def _require_room(self, room: Room) -> None:
        if (room.name is None, room.direct_key is not None) != (room.is_direct, room.is_direct):
            raise InvalidLine("a direct room has a direct_key, and every other one a name")
        if room.floor > room.head:
            raise InvalidLine("its floor is above its head")
        for user_id in room.direct_people:
            self._require_person(user_id)
        if not room.is_archived:
            self._take("direct_key" if room.name is None else "name", _address(room))
        self._heads[room.id] = room.head

    def _require_message(self, message: Message) -> None:
        self._require_known_room(message.room_id)
        if message.author:
            self._require_person(message.author.id)
        if message.subject:
            self._require_person(message.subject.id)
        for user_id in message.mentions:
            self._require_person(user_id)
        if not 1 <= message.seq <= self._heads[message.room_id]:
            raise InvalidLine(f"its seq is beyond the head of room {message.room_id}")
        if message.target is None and message.kind in CHANGES:
            raise InvalidLine(f"what is {message.kind} must have a target")

    def _require_person(self, user_id: UserId) -> None:
        if user_id not in self._people:
            raise InvalidLine(f"there is no account {user_id}")

    def _require_known_room(self, room_id: RoomId) -> None:
        if room_id not in self._heads:
            raise InvalidLine(f"there is no room {room_id}")

    def _take(self, field: str, value: Hashable) -> None:
        if (field, value) in self._taken:
            raise InvalidLine(f"two have the same {field}, {value}")
        self._taken.add((field, value))


def _address(room: Room) -> Hashable:
    return room.direct_key if room.name is None else room.name.folded
