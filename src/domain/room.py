"""Rooms: a name, a topic, and one append-only log in which everything is numbered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ids import RoomId, UserId
from domain.message import ADMITTING, EXPELLING, Entry, Kind, Message
from domain.names import RoomName
from domain.text import TOPIC_LENGTH, checked_line

# Above this many members, who opens and who closes a room is noise and is not told.
QUIET_FROM = 100


class Visibility(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"
    DIRECT = "direct"


@dataclass(slots=True, kw_only=True)
class Room:
    """A room. `head` is the last seq of its log; all up to `floor` was cleared.

    `direct_key` names the people of a direct room, so that there is one room for each group;
    such a room has no name.
    """

    id: RoomId
    name: RoomName | None
    visibility: Visibility
    created_at: datetime
    topic: str = ""
    head: int = 0
    floor: int = 0
    members: int = 0
    tells_presence: bool = True
    direct_key: str | None = None
    archived_at: datetime | None = None

    @property
    def is_direct(self) -> bool:
        return self.visibility is Visibility.DIRECT

    @property
    def is_public(self) -> bool:
        return self.visibility is Visibility.PUBLIC

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def records_presence(self) -> bool:
        return self.tells_presence and not self.is_direct and self.members <= QUIET_FROM

    @property
    def direct_people(self) -> tuple[UserId, ...]:
        """Everybody in a direct room, whom nobody can leave, join or remove."""
        return tuple(UserId(user_id) for user_id in (self.direct_key or "").split())

    def receive(self, entry: Entry, *, at: datetime) -> Message:
        """Number the entry. Only under the store's lock on this room are the numbers final."""
        self.head += 1
        if entry.kind in ADMITTING:
            self.members += 1
        elif entry.kind in EXPELLING:
            self.members -= 1
        elif entry.kind is Kind.CLEARED and entry.upto is not None:
            self.floor = entry.upto
        return Message(
            room_id=self.id,
            seq=self.head,
            at=at,
            kind=entry.kind,
            author=entry.author,
            subject=entry.subject,
            text=entry.text,
            key=entry.key,
            target=entry.target,
            upto=entry.upto,
            reply_to=entry.reply_to,
            mentions=entry.mentions,
        )

    def set_topic(self, topic: str) -> None:
        self.topic = checked_topic(topic)

    def rename(self, name: RoomName) -> None:
        self.name = name


def checked_topic(topic: str) -> str:
    return checked_line("topic", topic, longest=TOPIC_LENGTH)


def direct_key(user_ids: Iterable[UserId]) -> str:
    return " ".join(sorted(set(user_ids)))
