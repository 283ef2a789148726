from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.ids import RoomId, UserId
from domain.message import Message
from domain.search import Wanted

# What somebody calls a thing that they do, so that it is done once: who, and the name.
AuthorKey = tuple[UserId, str]


class KeyTaken(Exception):
    """One of the keys is the author's of an earlier message: look for it."""


# As a count it means as many or more: a month away must not cost more than a day.
MOST_UNREAD = 1_000


@dataclass(frozen=True, slots=True)
class Unread:
    """Living posts (posted, not deleted) by others after the read position, and mentions of the
    reader in such posts. Each is exact below `MOST_UNREAD`; `count_unread` says how far it goes."""

    posts: int = 0
    mentions: int = 0


NOTHING_UNREAD = Unread()


class MessageLog(Protocol):
    """The logs of all rooms. Authors come back with the names they bear now."""

    async def append(self, messages: Sequence[Message]) -> None:
        """Store consecutive messages of one room, which is locked in this unit. If one of them has
        a key that its author used before, this raises `KeyTaken`, or whatever is asked of the
        unit next does, its commit at the latest. So does `RuntimeError` for an author or a subject
        who is nobody."""
        ...

    async def find_by_keys(self, keys: Iterable[AuthorKey]) -> dict[AuthorKey, Message]:
        """The messages that were stored under these keys, in whatever room."""
        ...

    async def find(self, room_id: RoomId, seq: int) -> Message | None: ...

    async def find_many(
        self, places: Iterable[tuple[RoomId, int]]
    ) -> dict[tuple[RoomId, int], Message]:
        """Those of the given messages, by room and seq, that there are."""
        ...

    async def list_before(self, room_id: RoomId, before: int, *, limit: int) -> list[Message]:
        """The last `limit` messages with seq < `before`, ascending, without `CHANGES`."""
        ...

    async def list_after(self, room_id: RoomId, after: int, *, limit: int) -> list[Message]:
        """The first `limit` messages with seq > `after`, ascending, without `CHANGES`."""
        ...

    async def replay(self, room_id: RoomId, after: int, *, limit: int) -> list[Message]:
        """The first `limit` entries with seq > `after`, ascending, `CHANGES` included."""
        ...

    async def search(
        self, room_id: RoomId, wanted: Wanted, *, before: int, limit: int
    ) -> list[Message]:
        """The `limit` latest posts with seq < `before`, descending, that are not deleted and are
        `wanted`. Their words are those that `domain.search.words_of` finds in their text as it
        is now. By an index: what it costs grows with the hits, not with the room."""
        ...

    async def edit(
        self,
        room_id: RoomId,
        seq: int,
        *,
        text: str,
        mentions: tuple[UserId, ...],
        edited_at: datetime,
    ) -> None:
        """Replace the text of a posted message; silent when it is deleted or not there."""
        ...

    async def scrub(self, room_id: RoomId, seq: int) -> None:
        """Delete a posted message: its text disappears here and in all entries that changed it;
        the row stays, empty and marked, so that the numbers have no gap; its key stays taken,
        its stars are forgotten. Silent when it is deleted already or not there."""
        ...

    async def clear(self, room_id: RoomId, upto: int) -> None:
        """Erase all entries with seq <= `upto`; their keys are free again, their stars
        forgotten."""
        ...

    async def count_unread(
        self, read: Mapping[UserId, Mapping[RoomId, int]]
    ) -> dict[UserId, dict[RoomId, Unread]]:
        """What each of these people has not read in each of these rooms, given their read
        positions. Everybody and every given room has an answer.

        `posts`: of the first `MOST_UNREAD` living posts after the read position, those that are
        not by the reader. `mentions`: living posts after the read position, not by the reader,
        that mention the reader; of more than `MOST_UNREAD`, that many. A mention counts however
        far behind the counted posts it is. What is no living post takes no place: behind any
        number of service messages, changes and deleted posts the first posts are the first. What
        it costs does not grow with the number of posts and mentions."""
        ...
