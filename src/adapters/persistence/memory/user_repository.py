"""Accounts in memory."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from heapq import nsmallest

from adapters.persistence.memory.journal import Journal
from adapters.persistence.memory.tables import Tables
from application.ports.user_repository import UserRepository
from domain.errors import UsernameTaken, UserNotFound
from domain.ids import UserId
from domain.user import SiteRole, User

_OWNER = "owner"


class MemoryUserRepository(UserRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._tables = tables
        self._journal = journal

    async def add(self, user: User, password_hash: str) -> None:
        self._journal.require_writable()
        if user.username.folded in self._tables.usernames:
            raise UsernameTaken(user.username.value)
        self._journal.put(self._tables.users, user.id, replace(user))
        self._journal.put(self._tables.usernames, user.username.folded, user.id)
        self._journal.put(self._tables.password_hashes, user.id, password_hash)

    async def save(self, user: User) -> None:
        stored = self._require(user.id)
        changed = replace(stored, display_name=user.display_name, email=user.email)
        self._journal.put(self._tables.users, user.id, changed)

    async def get(self, user_id: UserId) -> User:
        return replace(self._require(user_id))

    async def find_by_name(self, folded: str) -> User | None:
        user_id = self._tables.usernames.get(folded)
        return replace(self._tables.users[user_id]) if user_id else None

    async def list_by_id(self, user_ids: Iterable[UserId]) -> list[User]:
        users = self._tables.users
        return [replace(users[user_id]) for user_id in set(user_ids) if user_id in users]

    async def search(self, folded: str, *, limit: int) -> list[User]:
        named = (
            (name, self._tables.users[user_id])
            for name, user_id in self._tables.usernames.items()
            if name.startswith(folded)
        )
        found = nsmallest(limit, ((name, user) for name, user in named if not user.is_disabled))
        return [replace(user) for _, user in found]

    async def page(self, *, after: str, limit: int) -> list[User]:
        names = self._tables.usernames
        found = nsmallest(limit, (name for name in names if name > after))
        return [replace(self._tables.users[names[name]]) for name in found]

    async def find_password_hash(self, user_id: UserId) -> str | None:
        return self._tables.password_hashes.get(user_id)

    async def set_password_hash(self, user_id: UserId, password_hash: str) -> None:
        self._require(user_id)
        self._journal.put(self._tables.password_hashes, user_id, password_hash)

    async def disable(self, user_id: UserId, at: datetime) -> bool:
        self._journal.require_writable()
        user = self._require(user_id)
        if user.is_site_owner:
            return False
        disabled = replace(user, disabled_at=user.disabled_at or at)
        self._journal.put(self._tables.users, user_id, disabled)
        return True

    async def enable(self, user_id: UserId) -> None:
        enabled = replace(self._require(user_id), disabled_at=None)
        self._journal.put(self._tables.users, user_id, enabled)

    async def claim_site(self, user_id: UserId) -> bool:
        self._journal.require_writable()
        if self._tables.site_owner:
            return False
        owner = replace(self._require(user_id), site_role=SiteRole.OWNER)
        self._journal.put(self._tables.site_owner, _OWNER, user_id)
        self._journal.put(self._tables.users, user_id, owner)
        return True

    async def pass_site(self, user_id: UserId) -> bool:
        self._journal.require_writable()
        if self._require(user_id).is_disabled:
            return False
        if former := self._tables.site_owner.get(_OWNER):
            member = replace(self._require(former), site_role=SiteRole.MEMBER)
            self._journal.put(self._tables.users, former, member)
        owner = replace(self._require(user_id), site_role=SiteRole.OWNER)
        self._journal.put(self._tables.site_owner, _OWNER, user_id)
        self._journal.put(self._tables.users, user_id, owner)
        return True

    async def is_site_claimed(self) -> bool:
        return bool(self._tables.site_owner)

    def _require(self, user_id: UserId) -> User:
        user = self._tables.users.get(user_id)
        if user is None:
            raise UserNotFound
        return user
