from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from application.ports.membership_repository import MembershipRepository
from application.ports.message_log import MessageLog
from application.ports.room_repository import RoomRepository
from application.ports.star_repository import StarRepository
from application.ports.user_repository import UserRepository

# What `Store.check` says of a store that others have filled since it was opened.
ANOTHER_LIFE = "it was filled by a copy since it was opened: start the server again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The repositories of one transaction."""

    users: UserRepository
    rooms: RoomRepository
    memberships: MembershipRepository
    log: MessageLog
    stars: StarRepository


class Store(Protocol):
    """Everything that must outlive the process, except sessions.

    Every call may raise `StoreUnavailable`; then nothing of the unit is known to be stored, and
    nothing is half-stored.
    """

    @property
    def epoch(self) -> str:
        """Identifies this life of the store; minted when it is created, changed when it is
        restored or copied. Known once the store is open. Nobody who has no account may be told
        it: `SetupLink` is made from it."""
        ...

    def unit(self) -> AbstractAsyncContextManager[Unit]:
        """A transaction. Leaving the block commits, durably; an exception undoes all of it.
        No network call but the store's own belongs inside.

        A refusal by the domain (`UsernameTaken`, `RoomNotFound`, …) leaves the unit usable. After
        `KeyTaken` or `StoreUnavailable` it can only be left by an exception. What contradicts
        the contract, such as saving a room that is not locked, raises `RuntimeError`."""
        ...

    def view(self) -> AbstractAsyncContextManager[Unit]:
        """A consistent look at one moment of the store: that of the first read. Writing in it
        raises `RuntimeError`. Views do not wait for units, nor units for views; but do not open
        one inside the other, because the store in memory has only one at a time."""
        ...

    async def open(self, new_epoch: str) -> None:
        """Connect, bring the schema up to date; a new store takes `new_epoch` for its own.
        Raises `StoreUnusable` with what to do about it."""
        ...

    async def close(self) -> None: ...

    async def check(self) -> None:
        """Raises `StoreUnavailable` unless the store answers now, and still lives the life in which
        it was opened: a copy may have been made into it since."""
        ...


@dataclass
class StoreUnusable(Exception):
    """The store cannot be opened as it is configured: what is wrong and what to do."""

    reason: str

    def __str__(self) -> str:
        return self.reason


class StoreMisaddressed(StoreUnusable):
    """What it is asked for by can name no store, whatever there is: found before one is looked
    for."""
