from dataclasses import dataclass

from application.limits import Limits
from application.ports.clock import Clock
from application.ports.id_source import IdSource
from application.ports.session_store import SessionStore
from application.secrets import digest
from domain.ids import SessionId
from domain.session import Session
from domain.user import User


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`secret` goes to the client and is kept nowhere else."""

    user: User
    session: Session
    secret: str


class OpenSession:
    """A new session for somebody who has just proved who they are: by a password, or by having
    registered. Every one has a secret of its own, so none can be planted beforehand."""

    def __init__(self, sessions: SessionStore, clock: Clock, ids: IdSource, limits: Limits) -> None:
        self._sessions = sessions
        self._clock = clock
        self._ids = ids
        self._limits = limits

    async def __call__(self, actor: User, *, device: str = "") -> SignedIn:
        """`device` is how the client calls itself, to be recognised in a list."""
        now = self._clock.now()
        secret = self._ids.new_secret()
        session = Session(
            id=SessionId(self._ids.new_id()),
            digest=digest(secret),
            user_id=actor.id,
            device=device[:200],
            created_at=now,
            seen_at=now,
            expires_at=now + self._limits.session_life,
        )
        await self._sessions.add(session)
        return SignedIn(actor, session, secret)
