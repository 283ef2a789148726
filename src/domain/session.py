"""Sessions: one signed-in browser of a person, or one token that they made for a program."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.ids import SessionId, UserId

TOKEN_NAME_LENGTH = 64
MOST_TOKENS = 50
LONGEST_TOKEN_LIFE = timedelta(days=3650)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """`digest` is the SHA-256 of the secret that the client holds; the secret is kept nowhere.

    A browser's session ends `idle` after it was last seen, and at `expires_at` in any case. One
    that has a `name` is a personal access token: made on purpose, it lies idle for as long as it
    is not needed, and ends at `expires_at` only, if it has one.
    """

    id: SessionId
    digest: str
    user_id: UserId
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime | None
    name: str | None = None

    @property
    def is_token(self) -> bool:
        return self.name is not None

    def is_over(self, now: datetime, *, idle: timedelta) -> bool:
        if self.expires_at is not None and now >= self.expires_at:
            return True
        return not self.is_token and now >= self.seen_at + idle

    def seen(self, now: datetime) -> "Session":
        return replace(self, seen_at=now)
