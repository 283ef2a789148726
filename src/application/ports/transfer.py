"""Moving a whole store: any of them can be read from one end to the other, and filled from
nothing. A copy, a backup and a restore are the same thing between different ends."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol, runtime_checkable

from domain.membership import Membership
from domain.message import Message
from domain.room import Room, Visibility
from domain.session import Session
from domain.star import Star
from domain.user import User


class Section(IntEnum):
    """The parts of a store, in the order in which they are moved: what is named comes first."""

    ACCOUNTS = 1
    ROOMS = 2
    MEMBERSHIPS = 3
    MESSAGES = 4
    SESSIONS = 5
    STARS = 6


@dataclass(frozen=True, slots=True)
class Account:
    """Whoever has the site role of an owner has claimed the site."""

    user: User
    password_hash: str


Record = Account | Room | Membership | Message | Session | Star
Records = AsyncGenerator[Sequence[Record], None]
Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a record stands: its section, and its id there, which all stores sort alike: (user
    id), (room id), (room id, user id), (room id, seq), (session id),
    (user id, room id, seq)."""

    section: Section
    key: Key


def place_of(record: Record) -> Place:
    match record:
        case Account():
            return Place(Section.ACCOUNTS, (record.user.id,))
        case Room():
            return Place(Section.ROOMS, (record.id,))
        case Membership():
            return Place(Section.MEMBERSHIPS, (record.room_id, record.user_id))
        case Message():
            return Place(Section.MESSAGES, (record.room_id, record.seq))
        case Session():
            return Place(Section.SESSIONS, (record.id,))
        case Star():
            return Place(Section.STARS, (record.user_id, record.room_id, record.seq))


class Readable(Protocol):
    """What can be read from one end to the other."""

    def records(self, after: Place | None = None) -> Records:
        """Everything after that place, in the order of places, in batches of some thousand.
        Archived rooms, deleted messages and what changed others are included. Of the author and
        the subject of a message only the ids count; their names may be blank. Raises
        `StoreUnusable` for what cannot be read, and says where."""
        ...


class Snapshot(Readable, Protocol):
    """A store as it was at one moment, however long reading it takes, and however often."""

    @property
    def epoch(self) -> str: ...

    async def totals(self) -> dict[Section, int]:
        """How many records each section has."""
        ...

    async def rooms(self) -> dict[Visibility, int]:
        """How many rooms that are not archived are of each visibility."""
        ...

    async def size(self) -> int | None:
        """How many bytes the store takes where it lies, indexes included; None if that is not told
        cheaply. It may be that of now, and not of the snapshot."""
        ...


class Filling(Readable, Protocol):
    """A store that is being filled. Nobody can open it before it is finished. It reads back what
    it holds so far."""

    @property
    def place(self) -> Place | None:
        """The last record that it holds, durably; None if there is none yet."""
        ...

    async def write(self, records: Sequence[Record]) -> None:
        """Store consecutive records in the order of places, and remember the place with them. If
        it fails, some may be there, up to the place that is remembered then. Raises `StoreUnusable`
        for a membership or a message of somebody, or of a room, that did not come before, and for
        a name that is taken; if not here, they are refused when they are read back."""
        ...

    async def finish(self, epoch: str) -> None:
        """From now on it is a store, and this is its life."""
        ...


@runtime_checkable
class Movable(Protocol):
    """A store that is not open, as something to move."""

    @property
    def name(self) -> str:
        """As an operator may read it, without the password."""
        ...

    def read(self) -> AbstractAsyncContextManager[Snapshot]:
        """Look at it without changing anything, neither its records nor its schema. Raises
        `StoreUnusable` if it is not there, not finished, of another version or out of reach."""
        ...

    def fill(self, source_epoch: str) -> AbstractAsyncContextManager[Filling]:
        """Fill it from the source that lives this life, or go on where that was interrupted.
        Raises `StoreUnusable` if anything is in it but such an unfinished copy. Left by an
        exception, it stays unfinished."""
        ...
