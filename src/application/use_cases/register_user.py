from application.newcomers import Newcomers
from application.ports.rate_limits import Action, RateLimits
from application.ports.store import Store
from application.setup_link import SetupLink
from domain.errors import RegistrationClosed, SetupLinkRequired
from domain.user import SiteRole, User


class RegisterUser:
    """Anybody may make themselves an account where registration is open, and the first one where
    it is closed. The first one owns the site: it takes the secret of the setup link, unless whoever
    asks sits at the machine itself. Everybody is shown into the welcome room, where the others see
    them join."""

    def __init__(
        self,
        store: Store,
        newcomers: Newcomers,
        setup_link: SetupLink,
        limits: RateLimits,
        *,
        is_open: bool,
    ) -> None:
        self._store = store
        self._newcomers = newcomers
        self._setup_link = setup_link
        self._limits = limits
        self._is_open = is_open

    async def __call__(
        self,
        *,
        username: str,
        password: str,
        email: str = "",
        display_name: str = "",
        setup: str = "",
        is_from_here: bool = False,
        address: str = "",
    ) -> User:
        """`setup` is the secret of the setup link, `is_from_here` says that the request comes
        from the machine itself, `address`, where from. Raises `SetupLinkRequired`,
        `RegistrationClosed`, `InvalidField`, `UsernameTaken`, `RateLimited`."""
        await self.role_of_newcomer(setup=setup, is_from_here=is_from_here)
        newcomer = await self._newcomers.draft(
            username=username, password=password, email=email, display_name=display_name
        )
        await self._limits.require(Action.REGISTER, address)
        return await self._newcomers.admit(newcomer, as_owner_only=not self._is_open)

    async def is_offered(self) -> bool:
        """Whether there is somebody who may register now."""
        return self._is_open or not await self._is_site_claimed()

    async def role_of_newcomer(self, *, setup: str, is_from_here: bool) -> SiteRole:
        """What whoever registers now would be here. Raises `SetupLinkRequired`,
        `RegistrationClosed`.

        A site that is owned stays so: who passes here without the secret cannot become the owner,
        however much time goes by before the account is stored."""
        if await self._is_site_claimed():
            if not self._is_open:
                raise RegistrationClosed
            return SiteRole.MEMBER
        if not is_from_here and not self._setup_link.is_opened_by(setup):
            raise SetupLinkRequired
        return SiteRole.OWNER

    async def _is_site_claimed(self) -> bool:
        async with self._store.view() as view:
            return await view.users.is_site_claimed()
