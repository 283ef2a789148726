from application.ports.password_hasher import PasswordHasher
from application.ports.rate_limits import Action, RateLimits
from application.ports.store import Store
from application.use_cases.end_sessions import EndSessions
from application.use_cases.open_session import OpenSession, SignedIn
from domain.errors import InvalidField, WrongCredentials
from domain.password import LONGEST, normal_password
from domain.text import fold, is_storable
from domain.user import User


class SignIn:
    """Anybody may try, some times a minute: from one address, and to one account."""

    def __init__(
        self,
        store: Store,
        hasher: PasswordHasher,
        rate_limits: RateLimits,
        open_session: OpenSession,
        end_sessions: EndSessions,
    ) -> None:
        self._store = store
        self._hasher = hasher
        self._rate_limits = rate_limits
        self._open_session = open_session
        self._end_sessions = end_sessions

    async def __call__(
        self, *, username: str, password: str, device: str = "", address: str = ""
    ) -> SignedIn:
        """Raises `WrongCredentials` for whatever is wrong, in the same time; `RateLimited`."""
        folded = fold(username[:200])
        await self._limit(folded, address)
        user, password_hash = await self._find(folded)
        matches = await self._hasher.verify(_tried(password), password_hash)
        if not matches or user is None or user.is_disabled:
            raise WrongCredentials
        signed_in = await self._open_session(user, device=device)
        now, current_hash = await self._find(folded)
        if current_hash != password_hash or now is None or now.is_disabled:
            # While the password was being checked, it became the old one, or the account was
            # disabled: whoever did that may have looked for sessions before there was this one.
            await self._end_sessions(user, session_id=signed_in.session.id)
            raise WrongCredentials
        return signed_in

    async def _limit(self, folded: str, address: str) -> None:
        """The address first: what it is refused must not count against the account, or anybody
        could keep its owner out."""
        await self._rate_limits.require(Action.SIGN_IN_FROM_ADDRESS, address)
        await self._rate_limits.require(Action.SIGN_IN, f"{folded} {address}")
        await self._rate_limits.require(Action.SIGN_IN_TO_ACCOUNT, folded)

    async def _find(self, folded: str) -> tuple[User | None, str | None]:
        if not is_storable(folded):
            return None, None
        async with self._store.view() as view:
            user = await view.users.find_by_name(folded)
            return user, await view.users.find_password_hash(user.id) if user else None


def _tried(password: str) -> str:
    """The password in the form that is hashed; one that cannot be right is hashed as nothing."""
    if len(password) > LONGEST:
        return ""
    try:
        return normal_password(password)
    except InvalidField:
        return ""
