from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from domain.ids import UserId
from domain.user import User


class UserRepository(Protocol):
    """All accounts, disabled ones included."""

    async def add(self, user: User, password_hash: str) -> None:
        """Raises `UsernameTaken` if the folded username is somebody's."""
        ...

    async def save(self, user: User) -> None:
        """Store display name and e-mail; nothing else of it changes. Raises `UserNotFound`."""
        ...

    async def get(self, user_id: UserId) -> User:
        """Raises `UserNotFound`."""
        ...

    async def find_by_name(self, folded: str) -> User | None: ...

    async def list_by_id(self, user_ids: Iterable[UserId]) -> list[User]:
        """Those who exist, in no order."""
        ...

    async def search(self, folded: str, *, limit: int) -> list[User]:
        """People whose folded username starts with `folded` (all, if it is empty) and who are
        not disabled, by folded username in the order of code points."""
        ...

    async def page(self, *, after: str, limit: int) -> list[User]:
        """Everybody, disabled or not, whose folded username sorts after `after`, by folded username
        in the order of code points."""
        ...

    async def find_password_hash(self, user_id: UserId) -> str | None: ...

    async def set_password_hash(self, user_id: UserId, password_hash: str) -> None:
        """Raises `UserNotFound`."""
        ...

    async def disable(self, user_id: UserId, at: datetime) -> bool:
        """Disabled since then, or for as long as they are already. False for the owner of the
        site, of whom nothing changes, whoever makes them the owner at the same time. Raises
        `UserNotFound`."""
        ...

    async def enable(self, user_id: UserId) -> None:
        """Raises `UserNotFound`."""
        ...

    async def claim_site(self, user_id: UserId) -> bool:
        """Make this person the owner of the site, by their role too, if it has none yet. True for
        exactly one person in the life of a store, however many ask at once, and for none once it
        was passed on."""
        ...

    async def pass_site(self, user_id: UserId) -> bool:
        """Make this person the owner of the site, and whoever was it a member: there is one owner,
        however many are made at once. False for somebody disabled; then nothing changes, whoever
        disables them at the same time. Raises `UserNotFound`."""
        ...

    async def is_site_claimed(self) -> bool: ...
