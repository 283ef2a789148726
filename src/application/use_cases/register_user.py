from application.newcomers import Newcomers
from application.ports.rate_limits import Action, RateLimits
from domain.user import User


class RegisterUser:
    """Anybody may make themselves an account. The first one owns the site. Everybody is shown
    into the welcome room, where the others see them join."""

    def __init__(self, newcomers: Newcomers, limits: RateLimits) -> None:
        self._newcomers = newcomers
        self._limits = limits

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
        newcomer = await self._newcomers.draft(
            username=username, password=password, email=email, display_name=display_name
        )
        await self._limits.require(Action.REGISTER, address)
        return await self._newcomers.admit(newcomer)
