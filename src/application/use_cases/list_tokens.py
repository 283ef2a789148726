from application.limits import Limits
from application.ports.clock import Clock
from application.ports.session_store import SessionStore
from domain.session import Session
from domain.user import User


class ListTokens:
    """A person's own tokens, the latest seen first."""

    def __init__(self, sessions: SessionStore, clock: Clock, limits: Limits) -> None:
        self._sessions = sessions
        self._clock = clock
        self._limits = limits

    async def __call__(self, actor: User) -> list[Session]:
        now, idle = self._clock.now(), self._limits.session_idle
        sessions = await self._sessions.list_of(actor.id)
        return [each for each in sessions if each.is_token and not each.is_over(now, idle=idle)]
