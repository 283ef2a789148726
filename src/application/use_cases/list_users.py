from application.ports.store import Store
from domain.user import User

# So many at once: a site may have more accounts than fit into memory.
PAGE = 500


class ListUsers:
    """The operator looks at all accounts, disabled ones too, a page at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, *, after: User | None = None) -> list[User]:
        """The first of them by name, or those that follow the one given. Names never change, so
        nobody is left out or listed twice, whoever comes meanwhile."""
        name = after.username.folded if after else ""
        async with self._store.view() as view:
            return await view.users.page(after=name, limit=PAGE)
