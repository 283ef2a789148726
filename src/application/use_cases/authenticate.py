import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from application.gathering import Gathering
from application.limits import Limits
from application.ports.clock import Clock
from application.ports.session_store import SessionStore
from application.ports.store import Store
from application.secrets import digest
from domain.errors import DomainError, NotByToken, NotSignedIn, StoreUnavailable
from domain.ids import SessionId, UserId
from domain.session import Session
from domain.user import User

# How often it is written that a session was seen: not for every request, and for those who only
# stay connected less often still, as they are many.
SEEN_EVERY = timedelta(minutes=1)
STAYING_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, and by which session or token."""

    user: User
    session: Session

    def require_in_person(self) -> None:
        """Raises `NotByToken`."""
        if self.session.is_token:
            raise NotByToken


class Authenticate:
    """Turns the secret of a session or token into the person. Being seen keeps a session from
    idling."""

    def __init__(self, store: Store, sessions: SessionStore, clock: Clock, limits: Limits) -> None:
        self._store = store
        self._sessions = sessions
        self._clock = clock
        self._limits = limits
        self._found = Gathering(self._find)

    async def __call__(self, secret: str, *, stays: bool = False) -> Identity:
        """Raises `NotSignedIn` for a secret that is unknown, over, or of a disabled account.
        Whoever `stays` will be looked at again by `recheck`."""
        found = await self._found.ask(digest(secret))
        if isinstance(found, DomainError):
            raise found
        every = self._staying_every if stays else SEEN_EVERY
        return Identity(found.user, await self._seen(found.session, every))

    async def recheck(self, session_ids: Iterable[SessionId]) -> dict[SessionId, User]:
        """Those of the sessions by which somebody is still signed in, and who that is now; the
        others are over, ended, or of a disabled account. A socket proves once who it is and may
        then stay for months: its gateway asks this from time to time. It also keeps those sessions
        from idling, as requests do."""
        now, idle = self._clock.now(), self._limits.session_idle
        sessions = await self._sessions.list_by_id(set(session_ids))
        async with self._store.view() as view:
            users = await view.users.list_by_id({session.user_id for session in sessions})
        enabled = {user.id: user for user in users if not user.is_disabled}
        signed_in = {}
        for session in sessions:
            if session.user_id in enabled and not session.is_over(now, idle=idle):
                signed_in[session.id] = enabled[session.user_id]
                await self._seen(session, self._staying_every)
        return signed_in

    async def list_ended(self) -> list[SessionId]:
        """The sessions and tokens that somebody ended during the last minute and perhaps some
        before, by whatever node and by the operator: nobody tells a gateway of all of them. Not
        those that ran out. Cheap, so that it can be asked all the time."""
        return await self._sessions.list_ended()

    async def _find(self, digests: Sequence[str]) -> list[Identity | DomainError]:
        """Whose secrets have these digests: for each a person, or why there is none."""
        sessions = await self._sessions.find_many(set(digests))
        holders = {session.user_id for session in sessions.values() if session}
        users: dict[UserId, User] = {}
        if holders:
            async with self._store.view() as view:
                users = {user.id: user for user in await view.users.list_by_id(holders)}
        unsaid = StoreUnavailable("the sessions cannot all be looked up")
        return [
            self._judged(sessions[each], users) if each in sessions else unsaid for each in digests
        ]

    def _judged(
        self, session: Session | None, users: Mapping[UserId, User]
    ) -> Identity | NotSignedIn:
        if session is None or session.is_over(self._clock.now(), idle=self._limits.session_idle):
            return NotSignedIn()
        user = users.get(session.user_id)
        if user is None or user.is_disabled:
            return NotSignedIn()
        return Identity(user, session)

    @property
    def _staying_every(self) -> timedelta:
        return min(STAYING_EVERY, self._limits.session_idle / 4)

    async def _seen(self, session: Session, every: timedelta) -> Session:
        now = self._clock.now()
        if now - session.seen_at < every:
            return session
        with contextlib.suppress(StoreUnavailable):  # Reading is possible where this is not.
            await self._sessions.touch(session.id, now)
        return session.seen(now)
