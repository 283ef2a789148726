from application.people import get_user
from application.ports.presence_board import PresenceBoard
from application.ports.store import Store
from application.profile import Profile, profiles_of
from domain.errors import UserDisabled, UserNotFound
from domain.names import sought
from domain.user import User

MOST = 50


class FindPeople:
    """Anybody signed in may look people up: by the start of their name, or by the whole of it."""

    def __init__(self, store: Store, board: PresenceBoard) -> None:
        self._store = store
        self._board = board

    async def __call__(self, actor: User, *, query: str = "", limit: int = 20) -> list[Profile]:
        """By name, at most 50."""
        start = sought(query.strip())
        if start is None:
            return []
        async with self._store.view() as view:
            users = await view.users.search(start, limit=max(1, min(limit, MOST)))
        return await profiles_of(users, self._board)

    async def named(self, actor: User, username: str) -> Profile:
        """Raises `UserNotFound`, for disabled accounts too: nobody can turn to them."""
        async with self._store.view() as view:
            try:
                user = await get_user(view, username)
            except UserDisabled:
                raise UserNotFound(username) from None
        (profile,) = await profiles_of([user], self._board)
        return profile
