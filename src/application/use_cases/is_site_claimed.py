from application.ports.store import Store


class IsSiteClaimed:
    """Anybody may ask, signed in or not, whether the site has its owner yet: until then, whoever
    registers should know that they become it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self) -> bool:
        async with self._store.view() as view:
            return await view.users.is_site_claimed()
