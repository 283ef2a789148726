from application.people import get_account
from application.ports.store import Store
from domain.errors import UserDisabled
from domain.user import User


class PassSite:
    """The operator makes somebody the owner of the site, who can put every room in order that they
    are in. Whoever owned it is a member like all others from then on."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, *, username: str) -> User:
        """Who owns it already goes on to. Raises `InvalidField`, `UserNotFound`,
        `UserDisabled`."""
        async with self._store.unit() as unit:
            user = await get_account(unit, username)
            if not await unit.users.pass_site(user.id):
                raise UserDisabled(user.username.value)
            return await unit.users.get(user.id)
