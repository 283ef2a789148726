from collections.abc import Sequence

from application.ports.notifier import Notifier
from application.ports.session_store import SessionStore
from domain.errors import SessionNotFound
from domain.events import SessionsEnded
from domain.ids import SessionId
from domain.user import User


class EndSessions:
    """A person signs out, here or on other devices, or is signed out by the operator. The sockets
    of an ended session close."""

    def __init__(self, sessions: SessionStore, notifier: Notifier) -> None:
        self._sessions = sessions
        self._notifier = notifier

    async def __call__(self, actor: User, *, session_id: SessionId) -> None:
        """End one session of the actor's. Raises `SessionNotFound`, for a token as well."""
        found = await self._sessions.list_by_id([session_id])
        if not await self._end(actor, [each.id for each in found if not each.is_token]):
            raise SessionNotFound

    async def all_but(self, actor: User, *, kept: SessionId) -> int:
        """End all others; returns how many they were. Tokens stay."""
        sessions = await self._sessions.list_of(actor.id)
        others = [each.id for each in sessions if each.id != kept and not each.is_token]
        return len(await self._end(actor, others))

    async def everything_but(self, actor: User, *, kept: SessionId) -> None:
        """End all others and all tokens."""
        await self._end_while_there_are(actor, kept=kept)

    async def everything(self, user: User) -> int:
        """End all sessions and all tokens; returns how many they were."""
        return await self._end_while_there_are(user, kept=None)

    async def _end_while_there_are(self, user: User, *, kept: SessionId | None) -> int:
        """Looks again, as long as there is anything: until it has ended, a session may make
        tokens."""
        count = 0
        while True:
            sessions = await self._sessions.list_of(user.id)
            ended = await self._end(user, [each.id for each in sessions if each.id != kept])
            if not ended:
                return count
            count += len(ended)

    async def _end(self, actor: User, session_ids: Sequence[SessionId]) -> list[SessionId]:
        ended = await self._sessions.end(actor.id, list(session_ids))
        if ended:
            self._notifier.publish(SessionsEnded(actor.id, tuple(ended)))
        return ended
