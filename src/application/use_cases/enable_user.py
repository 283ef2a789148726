from application.people import get_account
from application.ports.store import Store
from domain.user import User


class EnableUser:
    """The operator lets somebody in again who was disabled. They sign in anew, and are in the rooms
    in which they were; tokens have to be made again."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, *, username: str) -> User:
        """Who is not disabled stays so. Raises `InvalidField`, `UserNotFound`."""
        async with self._store.unit() as unit:
            user = await get_account(unit, username)
            await unit.users.enable(user.id)
            return await unit.users.get(user.id)
