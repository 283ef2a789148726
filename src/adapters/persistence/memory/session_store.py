"""Sessions in memory: everybody is signed out when the process ends."""

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from application.ports.session_store import REMEMBERED, SessionStore
from domain.ids import SessionId, UserId
from domain.session import Session


class MemorySessionStore(SessionStore):
    """`now` in seconds, since whenever."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._ended: deque[tuple[float, SessionId]] = deque()
        self._sessions: dict[SessionId, Session] = {}
        self._by_digest: dict[str, SessionId] = {}
        self._by_user: dict[UserId, set[SessionId]] = {}

    @property
    def sessions(self) -> list[Session]:
        return list(self._sessions.values())

    async def add(self, session: Session) -> None:
        self._sessions[session.id] = session
        self._by_digest[session.digest] = session.id
        self._by_user.setdefault(session.user_id, set()).add(session.id)

    async def find_many(self, digests: Collection[str]) -> dict[str, Session | None]:
        ids = {digest: self._by_digest.get(digest) for digest in digests}
        return {digest: self._sessions[each] if each else None for digest, each in ids.items()}

    async def list_by_id(self, session_ids: Iterable[SessionId]) -> list[Session]:
        return [self._sessions[each] for each in set(session_ids) if each in self._sessions]

    async def touch(self, session_id: SessionId, seen_at: datetime) -> None:
        session = self._sessions.get(session_id)
        if session is not None:
            self._sessions[session_id] = session.seen(seen_at)

    async def list_of(self, user_id: UserId) -> list[Session]:
        sessions = [self._sessions[session_id] for session_id in self._by_user.get(user_id, ())]
        return sorted(sessions, key=lambda session: (session.seen_at, session.id), reverse=True)

    async def end(self, user_id: UserId, session_ids: list[SessionId]) -> list[SessionId]:
        mine = self._by_user.get(user_id, set())
        ended = [session_id for session_id in dict.fromkeys(session_ids) if session_id in mine]
        for session_id in ended:
            self._forget(session_id)
            self._ended.append((self._now(), session_id))
        self._forget_ended()
        return ended

    async def list_ended(self) -> list[SessionId]:
        self._forget_ended()
        return [session_id for _, session_id in self._ended]

    async def forget_over(self, *, expired: datetime, idle: datetime) -> int:
        over = [
            session.id
            for session in self._sessions.values()
            if (session.expires_at is not None and session.expires_at <= expired)
            or (not session.is_token and session.seen_at <= idle)
        ]
        for session_id in over:
            self._forget(session_id)
        return len(over)

    def _forget_ended(self) -> None:
        oldest = self._now() - REMEMBERED.total_seconds()
        while self._ended and self._ended[0][0] < oldest:
            self._ended.popleft()

    def _forget(self, session_id: SessionId) -> None:
        session = self._sessions.pop(session_id)
        del self._by_digest[session.digest]
        self._by_user[session.user_id].remove(session_id)
        if not self._by_user[session.user_id]:
            del self._by_user[session.user_id]
