"""Messages: everything that happens in a room, as entries of its log."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ids import RoomId, UserId
from domain.user import Person


class Kind(StrEnum):
    POSTED = "posted"
    JOINED = "joined"
    LEFT = "left"
    ARRIVED = "arrived"
    DEPARTED = "departed"
    INVITED = "invited"
    REMOVED = "removed"
    RENAMED = "renamed"
    TOPIC_CHANGED = "topic_changed"
    ROLE_CHANGED = "role_changed"
    EDITED = "edited"
    DELETED = "deleted"
    CLEARED = "cleared"


# Entries that change another one. They travel live and in replay; a page shows their effect.
CHANGES = frozenset({Kind.EDITED, Kind.DELETED})

# Entries after which their person, or their subject, is a member or no longer one.
ADMITTING = frozenset({Kind.JOINED, Kind.INVITED})
EXPELLING = frozenset({Kind.LEFT, Kind.REMOVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something that is about to happen in a room: a message that has no number yet.

    - `author`: who did it; None when the server itself speaks.
    - `subject`: to whom it was done, where that is somebody else (`removed`, `invited`, …).
    - `text`: what was posted, or the bare datum of a service message: the new topic, the new
      role, the reason. Sentences are made where people read them.
    - `key`: the author's own name for a post, unique per author.
    - `target`: the seq that a change is about. `upto`: the last seq that `cleared` erased.
    """

    kind: Kind
    author: Person | None
    subject: Person | None = None
    text: str = ""
    key: str | None = None
    target: int | None = None
    upto: int | None = None
    reply_to: int | None = None
    mentions: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Entry):
    """An entry with its place in the log: the `seq`-th thing that happened in its room."""

    room_id: RoomId
    seq: int
    at: datetime
    edited_at: datetime | None = None
    deleted: bool = False

    @property
    def member(self) -> Person | None:
        """The person whose membership this is about."""
        return self.subject or self.author

    @property
    def is_living_post(self) -> bool:
        """Whether somebody said it, and it is still there."""
        return self.kind is Kind.POSTED and not self.deleted

    def is_by(self, user_id: UserId) -> bool:
        return self.author is not None and self.author.id == user_id
