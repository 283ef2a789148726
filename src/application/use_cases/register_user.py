from application.ports.clock import Clock
from application.ports.id_source import IdSource
from application.ports.password_hasher import PasswordHasher
from application.ports.rate_limits import Action, RateLimits
from application.ports.store import Store
from application.welcome import Welcome
from domain.errors import UsernameTaken
from domain.ids import UserId
from domain.names import Username
from domain.password import checked_password
from domain.user import SiteRole, User, checked_display_name, checked_email


class RegisterUser:
    """Anybody may make themselves an account. The first one owns the site. Everybody is shown
    into the welcome room, where the others see them join."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: IdSource,
        hasher: PasswordHasher,
        limits: RateLimits,
        welcome: Welcome,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._hasher = hasher
        self._limits = limits
        self._welcome = welcome

    async def __call__(
        self,
        *,
        username: str,
        password: str,
        email: str = "",
        display_name: str = "",
        address: str = "",
    ) -> User:
        """`address` is where the request comes from. Raises `InvalidField`, `UsernameTaken`,
        `RateLimited`."""
        name = Username(username)
        secret = checked_password(password, username=name.value)
        user = User(
            id=UserId(self._ids.new_id()),
            username=name,
            display_name=checked_display_name(display_name) if display_name else name.value,
            email=checked_email(email),
            created_at=self._clock.now(),
        )
        async with self._store.view() as view:  # Before the costly hash; `add` decides.
            if await view.users.find_by_name(name.folded):
                raise UsernameTaken(name.value)
        await self._limits.require(Action.REGISTER, address)
        password_hash = await self._hasher.hash(secret)
        async with self._store.unit() as unit:
            await unit.users.add(user, password_hash)
            if await unit.users.claim_site(user.id):
                user.site_role = SiteRole.OWNER
        await self._welcome.show_in(user)
        return user
