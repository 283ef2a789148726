from dataclasses import dataclass

from application.people import get_account
from application.ports.password_hasher import PasswordHasher
from application.ports.store import Store
from application.use_cases.end_sessions import EndSessions
from domain.password import checked_password
from domain.user import User


@dataclass(frozen=True, slots=True)
class PasswordReset:
    """`ended`: how many sessions and tokens they had."""

    user: User
    ended: int


class ResetPassword:
    """The operator gives somebody a new password, who forgot the old one or lost it to somebody
    else. So all their sessions end, and all tokens: nobody is signed in by the old one."""

    def __init__(self, store: Store, hasher: PasswordHasher, end_sessions: EndSessions) -> None:
        self._store = store
        self._hasher = hasher
        self._end_sessions = end_sessions

    async def __call__(self, *, username: str, password: str) -> PasswordReset:
        """Raises `InvalidField`, `UserNotFound`."""
        async with self._store.view() as view:
            user = await get_account(view, username)
        secret = checked_password(password, username=user.username.value)
        password_hash = await self._hasher.hash(secret)
        async with self._store.unit() as unit:
            await unit.users.set_password_hash(user.id, password_hash)
        return PasswordReset(user, await self._end_sessions.everything(user))
