"""What the server does by itself, without anybody asking."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from application.limits import Limits
from application.ports.clock import Clock
from application.ports.session_store import SessionStore
from application.tasks import Tasks
from application.use_cases.settle_nodes import SettleNodes
from application.use_cases.settle_presence import SettlePresence
from domain.errors import DomainError

# Seconds after the start in which those who were here before come back.
RETURNING = 30.0
HOUR = 3600.0

# Seconds between two looks for nodes that have died.
WATCH = 5.0

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Housekeeping:
    """Settles, some time after the start and then every hour, who is no longer present, and
    forgets the sessions that are over. Every few seconds it looks for nodes that have died."""

    def __init__(
        self,
        clock: Clock,
        sessions: SessionStore,
        limits: Limits,
        settle_presence: SettlePresence,
        settle_nodes: SettleNodes,
    ) -> None:
        self._clock = clock
        self._sessions = sessions
        self._limits = limits
        self._settle_presence = settle_presence
        self._settle_nodes = settle_nodes
        self._tasks = Tasks()

    def start(self) -> None:
        self._tasks.start(self._settle(), name="settle presence")
        self._tasks.start(self._watch_nodes(), name="watch nodes")
        self._tasks.start(self._forget_sessions(), name="forget sessions")

    async def close(self) -> None:
        await self._tasks.cancel()

    async def _settle(self) -> None:
        await self._clock.sleep(RETURNING)
        while True:
            settled = await _try(self._settle_presence)
            await self._clock.sleep(RETURNING if settled is False else HOUR)

    async def _watch_nodes(self) -> None:
        while True:
            await self._clock.sleep(WATCH)
            await _try(self._settle_nodes)

    async def _forget_sessions(self) -> None:
        while True:
            await _try(self._forget)
            await self._clock.sleep(HOUR)

    async def _forget(self) -> None:
        now = self._clock.now()
        await self._sessions.forget_over(expired=now, idle=now - self._limits.session_idle)


async def _try(work: Callable[[], Awaitable[T]]) -> T | None:
    """What fails is tried again the next time; it must not end the housekeeping."""
    try:
        return await work()
    except DomainError as error:
        _log.warning("housekeeping: %s", error)
    except Exception:  # noqa: BLE001  # The edge of what nobody asked for.
        _log.exception("housekeeping failed")
    return None
