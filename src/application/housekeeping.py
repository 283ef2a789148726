"""What the server does by itself, without anybody asking."""

import contextlib

from application.limits import Limits
from application.ports.clock import Clock
from application.ports.session_store import SessionStore
from application.tasks import Tasks
from application.use_cases.settle_presence import SettlePresence
from domain.errors import DomainError

# Seconds after the start in which those who were here before come back.
RETURNING = 30.0
HOUR = 3600.0


class Housekeeping:
    """Settles, some time after the start, who is no longer present, and forgets every hour the
    sessions that are over."""

    def __init__(
        self,
        clock: Clock,
        sessions: SessionStore,
        limits: Limits,
        settle_presence: SettlePresence,
    ) -> None:
        self._clock = clock
        self._sessions = sessions
        self._limits = limits
        self._settle_presence = settle_presence
        self._tasks = Tasks()

    def start(self) -> None:
        self._tasks.start(self._settle(), name="settle presence")
        self._tasks.start(self._forget_sessions(), name="forget sessions")

    async def close(self) -> None:
        await self._tasks.cancel()

    async def _settle(self) -> None:
        await self._clock.sleep(RETURNING)
        with contextlib.suppress(DomainError):
            await self._settle_presence()

    async def _forget_sessions(self) -> None:
        while True:
            now = self._clock.now()
            with contextlib.suppress(DomainError):  # The store is away: in an hour, then.
                await self._sessions.forget_over(expired=now, idle=now - self._limits.session_idle)
            await self._clock.sleep(HOUR)
