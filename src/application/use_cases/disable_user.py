from dataclasses import dataclass

from application.people import get_account
from application.ports.clock import Clock
from application.ports.store import Store
from application.use_cases.end_sessions import EndSessions
from domain.errors import SiteNeedsOwner
from domain.user import User


@dataclass(frozen=True, slots=True)
class Disabled:
    """`ended`: how many sessions and tokens they had."""

    user: User
    ended: int


class DisableUser:
    """The operator shuts somebody out: all their sessions and tokens end, and they cannot sign in
    any more. What they said stays, and so do they in the lists of members; but nobody can add them
    to a room or write to them alone. The owner of the site cannot be disabled."""

    def __init__(self, store: Store, clock: Clock, end_sessions: EndSessions) -> None:
        self._store = store
        self._clock = clock
        self._end_sessions = end_sessions

    async def __call__(self, *, username: str) -> Disabled:
        """Who is disabled already stays so. Raises `InvalidField`, `UserNotFound`,
        `SiteNeedsOwner`."""
        async with self._store.unit() as unit:
            user = await get_account(unit, username)
            if not await unit.users.disable(user.id, self._clock.now()):
                raise SiteNeedsOwner(user.username.value)
            user = await unit.users.get(user.id)
        # After the commit: who signs in meanwhile looks for it once they have a session.
        return Disabled(user, await self._end_sessions.everything(user))
