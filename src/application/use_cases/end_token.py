from application.ports.notifier import Notifier
from application.ports.session_store import SessionStore
from domain.errors import TokenNotFound
from domain.events import SessionsEnded
from domain.ids import SessionId
from domain.user import User


class EndToken:
    """A person ends a token of theirs. Its sockets close."""

    def __init__(self, sessions: SessionStore, notifier: Notifier) -> None:
        self._sessions = sessions
        self._notifier = notifier

    async def __call__(self, actor: User, *, token_id: SessionId) -> None:
        """Raises `TokenNotFound`, for other people's and for what is no token."""
        found = await self._sessions.list_by_id([token_id])
        tokens = [each.id for each in found if each.is_token]
        if not await self._sessions.end(actor.id, tokens):
            raise TokenNotFound
        self._notifier.publish(SessionsEnded(actor.id, (token_id,)))
