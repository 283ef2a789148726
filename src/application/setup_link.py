"""The setup link: where strangers can reach a site that nobody owns yet, it opens to whoever has
read what the program printed."""

import hmac

from application.ports.store import Store
from application.secrets import digest


class SetupLink:
    """Its secret is made from the store's epoch, which nobody is told who has no account, and so
    nobody at all before the site has its owner: one secret for all workers and nodes, and the
    same after a restart. When the site is owned it opens nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def secret(self) -> str:
        """32 hexadecimal digits. Known once the store is open."""
        return digest(f"setup {self._store.epoch}")[:32]

    def is_opened_by(self, secret: str) -> bool:
        """In the same time for every wrong one."""
        given = secret.encode("utf-8", "surrogatepass")
        return hmac.compare_digest(given, self.secret.encode())
