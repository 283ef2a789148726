from dataclasses import dataclass
from datetime import datetime, timedelta

from application.ports.clock import Clock
from application.ports.id_source import IdSource
from application.ports.session_store import SessionStore
from application.secrets import digest
from application.use_cases.list_tokens import ListTokens
from domain.errors import InvalidField, NotSignedIn, TooManyTokens
from domain.ids import SessionId
from domain.session import LONGEST_TOKEN_LIFE, MOST_TOKENS, TOKEN_NAME_LENGTH, Session
from domain.text import checked_line
from domain.user import User


@dataclass(frozen=True, slots=True)
class NewToken:
    """`secret` is shown once and kept nowhere else."""

    token: Session
    secret: str


class CreateToken:
    """A person makes a token, by which a program of theirs acts in their name."""

    def __init__(
        self, sessions: SessionStore, clock: Clock, ids: IdSource, list_tokens: ListTokens
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._ids = ids
        self._list_tokens = list_tokens

    async def __call__(
        self, actor: User, *, session_id: SessionId, name: str, expires_in_days: int | None = None
    ) -> NewToken:
        """`session_id` is the session that asks. Raises `InvalidField`, `TooManyTokens`,
        `NotSignedIn` if that session ends meanwhile."""
        now, secret = self._clock.now(), self._ids.new_secret()
        token = Session(
            id=SessionId(self._ids.new_id()),
            digest=digest(secret),
            user_id=actor.id,
            device="",
            created_at=now,
            seen_at=now,
            expires_at=_end(now, expires_in_days),
            name=checked_line("name", name, longest=TOKEN_NAME_LENGTH, required=True),
        )
        await self._sessions.add(token)
        # Both are looked at afterwards. Many requests at once could else all find the last place;
        # and a new password ends the session of a thief before it looks for the last of their
        # tokens (`EndSessions.everything_but`): what that look does not see, this one does.
        if len(await self._list_tokens(actor)) > MOST_TOKENS:
            await self._sessions.end(actor.id, [token.id])
            raise TooManyTokens(MOST_TOKENS)
        if not await self._sessions.list_by_id([session_id]):
            await self._sessions.end(actor.id, [token.id])
            raise NotSignedIn
        return NewToken(token, secret)


def _end(now: datetime, days: int | None) -> datetime | None:
    if days is None:
        return None
    if not 1 <= days <= LONGEST_TOKEN_LIFE.days:
        raise InvalidField("expires_in_days", f"must be 1 to {LONGEST_TOKEN_LIFE.days}")
    return now + timedelta(days=days)
