from application.ports.password_hasher import PasswordHasher
from application.ports.rate_limits import Action, RateLimits
from application.ports.store import Store
from application.use_cases.end_sessions import EndSessions
from domain.errors import WrongCredentials
from domain.ids import SessionId
from domain.password import checked_password, normal_password
from domain.user import User


class ChangePassword:
    """A person changes their own password, knowing the old one. All other sessions end, and all
    tokens: whoever knew the old one may have made some."""

    def __init__(
        self,
        store: Store,
        hasher: PasswordHasher,
        rate_limits: RateLimits,
        end_sessions: EndSessions,
    ) -> None:
        self._store = store
        self._hasher = hasher
        self._rate_limits = rate_limits
        self._end_sessions = end_sessions

    async def __call__(self, actor: User, *, current: str, new: str, session_id: SessionId) -> None:
        """`session_id` is the session that stays. Raises `WrongCredentials`, `InvalidField`."""
        secret = checked_password(new, username=actor.username.value)
        await self._rate_limits.require(Action.SIGN_IN, actor.username.folded)
        async with self._store.view() as view:
            old = await view.users.find_password_hash(actor.id)
        if not await self._hasher.verify(normal_password(current[:1000]), old):
            raise WrongCredentials
        password_hash = await self._hasher.hash(secret)
        async with self._store.unit() as unit:
            # The operator may have set another one while this one was checked: theirs stays.
            if await unit.users.find_password_hash(actor.id) != old:
                raise WrongCredentials
            await unit.users.set_password_hash(actor.id, password_hash)
        await self._end_sessions.everything_but(actor, kept=session_id)
