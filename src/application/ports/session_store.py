from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Protocol

from domain.ids import SessionId, UserId
from domain.session import Session

# For how long at least it is remembered that a session was ended.
REMEMBERED = timedelta(minutes=1)


class SessionStore(Protocol):
    """Sessions by the digest of their secret, tokens among them. Apart from the store, because
    they may live elsewhere; whether one is over is for the caller to judge."""

    async def add(self, session: Session) -> None: ...

    async def find_many(self, digests: Collection[str]) -> dict[str, Session | None]:
        """For each of the digests its session, or None where there is none. A digest is left out
        if that cannot be said now, while others can be answered; raises `StoreUnavailable` if
        none can."""
        ...

    async def list_by_id(self, session_ids: Iterable[SessionId]) -> list[Session]:
        """Those that there are, in no order."""
        ...

    async def touch(self, session_id: SessionId, seen_at: datetime) -> None:
        """Remember when it was last seen. Silent when the session is gone."""
        ...

    async def list_of(self, user_id: UserId) -> list[Session]:
        """The person's sessions and tokens, the latest seen first."""
        ...

    async def end(self, user_id: UserId, session_ids: list[SessionId]) -> list[SessionId]:
        """Forget those of the given sessions that are this person's; returns which they were."""
        ...

    async def list_ended(self) -> list[SessionId]:
        """What `end` has forgotten within `REMEMBERED`, by the clock of the store: whoever called
        it, on whatever node, or in a process that is none. In no order; what was forgotten some
        time before may be among it. Nothing that is not forgotten is, unless `end` failed half-way.
        What `forget_over` forgets was over by the clock, and need not be told. It is asked twice a
        second by each node: what it costs grows with what is found, not with what there is."""
        ...

    async def forget_over(self, *, expired: datetime, idle: datetime) -> int:
        """Forget all that expire at or before `expired`, and of those that are no tokens what was
        last seen at or before `idle`. Returns how many they were."""
        ...
