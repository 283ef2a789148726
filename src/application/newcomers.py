"""How an account comes to be, whoever asks for it: what it must be like, who owns the site, and
where the others first see it."""

from dataclasses import dataclass

from application.ports.clock import Clock
from application.ports.id_source import IdSource
from application.ports.password_hasher import PasswordHasher
from application.ports.store import Store
from application.welcome import Welcome
from domain.errors import RegistrationClosed, UsernameTaken
from domain.ids import UserId
from domain.names import Username
from domain.password import checked_password
from domain.user import SiteRole, User, checked_display_name, checked_email


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is not stored yet. The password is in the form that is hashed."""

    user: User
    password: str


class Newcomers:
    def __init__(
        self, store: Store, clock: Clock, ids: IdSource, hasher: PasswordHasher, welcome: Welcome
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._hasher = hasher
        self._welcome = welcome

    async def draft(
        self, *, username: str, password: str, email: str = "", display_name: str = ""
    ) -> Newcomer:
        """Raises `InvalidField`; `UsernameTaken` for a name that is taken now. That spares the
        costly hash: what decides is `admit`."""
        name = Username(username)
        newcomer = Newcomer(
            User(
                id=UserId(self._ids.new_id()),
                username=name,
                display_name=checked_display_name(display_name) if display_name else name.value,
                email=checked_email(email),
                created_at=self._clock.now(),
            ),
            checked_password(password, username=name.value),
        )
        async with self._store.view() as view:
            if await view.users.find_by_name(name.folded):
                raise UsernameTaken(name.value)
        return newcomer

    async def admit(self, newcomer: Newcomer, *, as_owner_only: bool = False) -> User:
        """Store them, as the owner of the site if it has none, and show them into the welcome
        room. Raises `UsernameTaken`; `RegistrationClosed` with `as_owner_only` where somebody
        else became the owner."""
        user = newcomer.user
        password_hash = await self._hasher.hash(newcomer.password)
        async with self._store.unit() as unit:
            await unit.users.add(user, password_hash)
            if await unit.users.claim_site(user.id):
                user.site_role = SiteRole.OWNER
            elif as_owner_only:
                raise RegistrationClosed
        await self._welcome.show_in(user)
        return user
