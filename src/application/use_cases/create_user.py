from application.newcomers import Newcomers
from domain.user import User


class CreateUser:
    """The operator makes somebody an account: whoever can start the program on its database, so
    nobody's permission is asked. The first one owns the site. Everybody is shown into the welcome
    room, where the others see them join."""

    def __init__(self, newcomers: Newcomers) -> None:
        self._newcomers = newcomers

    async def __call__(
        self, *, username: str, password: str, email: str = "", display_name: str = ""
    ) -> User:
        """Raises `InvalidField`, `UsernameTaken`."""
        return await self._newcomers.admit(
            await self._newcomers.draft(
                username=username, password=password, email=email, display_name=display_name
            )
        )
