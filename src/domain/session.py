"""Sessions: one signed-in browser or program of a person."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.ids import SessionId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """`digest` is the SHA-256 of the secret that the client holds; the secret is kept nowhere.

    It ends `idle` after it was last seen, and at `expires_at` in any case.
    """

    id: SessionId
    digest: str
    user_id: UserId
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime

    def is_over(self, now: datetime, *, idle: timedelta) -> bool:
        return now >= self.expires_at or now >= self.seen_at + idle

    def seen(self, now: datetime) -> "Session":
        return replace(self, seen_at=now)
