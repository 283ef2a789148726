"""Accounts in SQL."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from adapters.persistence.sql.rows import readable, user_of, user_values
from adapters.persistence.sql.schema import Id, Time, site, users
from adapters.persistence.sql.statements import as_rows, given, insert_unless_there
from adapters.persistence.sql.time import milliseconds
from adapters.persistence.sql.transaction import Transaction
from application.ports.user_repository import UserRepository
from domain.errors import UsernameTaken, UserNotFound
from domain.ids import UserId
from domain.user import SiteRole, User


class SqlUserRepository(UserRepository):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, user: User, password_hash: str) -> None:
        insert = insert_unless_there(users, self._transaction.dialect)
        values = {**user_values(user), "password_hash": password_hash}
        if not await self._transaction.write(insert, values):
            raise UsernameTaken(user.username.value)

    async def save(self, user: User) -> None:
        values = user_values(user)
        changed = {f"new_{name}": values[name] for name in _CHANGING}
        if not await self._transaction.write(_SAVE, {"user_id": user.id, **changed}):
            raise UserNotFound

    async def get(self, user_id: UserId) -> User:
        row = await self._transaction.row(_GET, {"user_id": user_id})
        if row is None:
            raise UserNotFound
        return user_of(row)

    async def find_by_name(self, folded: str) -> User | None:
        row = await self._transaction.row(_BY_NAME, {"name": folded})
        return user_of(row) if row else None

    async def list_by_id(self, user_ids: Iterable[UserId]) -> list[User]:
        rows = await self._transaction.rows(
            _BY_ID, {"user_ids": as_rows({(user_id,) for user_id in user_ids})}
        )
        return readable(user_of, rows)

    async def search(self, folded: str, *, limit: int) -> list[User]:
        values = {"first": folded, "last": folded + _AFTER_ALL_LETTERS, "limit": limit}
        return readable(user_of, await self._transaction.rows(_SEARCH, values))

    async def page(self, *, after: str, limit: int) -> list[User]:
        rows = await self._transaction.rows(_PAGE, {"after": after, "limit": limit})
        return readable(user_of, rows)

    async def find_password_hash(self, user_id: UserId) -> str | None:
        row = await self._transaction.row(_PASSWORD_HASH, {"user_id": user_id})
        return row.password_hash if row else None

    async def set_password_hash(self, user_id: UserId, password_hash: str) -> None:
        values = {"user_id": user_id, "new_password_hash": password_hash}
        if not await self._transaction.write(_SET_PASSWORD_HASH, values):
            raise UserNotFound

    async def disable(self, user_id: UserId, at: datetime) -> bool:
        if await self._transaction.write(_DISABLE, {"user_id": user_id, "at": milliseconds(at)}):
            return True
        await self.get(user_id)
        return False

    async def enable(self, user_id: UserId) -> None:
        if not await self._transaction.write(_ENABLE, {"user_id": user_id}):
            raise UserNotFound

    async def claim_site(self, user_id: UserId) -> bool:
        if not await self._transaction.write(_CLAIM_SITE, {"user_id": user_id}):
            return False
        await self._transaction.write(_MAKE_OWNER, {"user_id": user_id})
        return True

    async def pass_site(self, user_id: UserId) -> bool:
        # First, so that those who are made the owner at once wait here, and for nothing else.
        await self._transaction.write(_LOCK_SITE, {})
        if not await self._transaction.write(_PROMOTE, {"user_id": user_id}):
            await self.get(user_id)
            return False
        await self._transaction.write(_DEMOTE, {"user_id": user_id})
        await self._transaction.write(_PASS_SITE, {"user_id": user_id})
        return True

    async def is_site_claimed(self) -> bool:
        row = await self._transaction.row(_SITE_OWNER)
        return row is not None and row.owner_id is not None


_CHANGING = ("display_name", "email")
# A code point that no name can contain: the names with a prefix lie between it and this.
_AFTER_ALL_LETTERS = "\U0010ffff"

_ME = users.c.id == bindparam("user_id")
_USER = select(*(column for column in users.c if column.name not in {"folded", "password_hash"}))
_GET = _USER.where(_ME)
_BY_NAME = _USER.where(users.c.folded == bindparam("name"))
_BY_ID = _USER.where(users.c.id.in_(select(given("user_ids", id=Id))))
_SEARCH = (
    _USER.where(users.c.folded >= bindparam("first"))
    .where(users.c.folded < bindparam("last"))
    .where(users.c.disabled_at.is_(None))
    .order_by(users.c.folded)
    .limit(bindparam("limit"))
)
_PAGE = (
    _USER.where(users.c.folded > bindparam("after"))
    .order_by(users.c.folded)
    .limit(bindparam("limit"))
)
_SAVE = update(users).where(_ME).values({name: bindparam(f"new_{name}") for name in _CHANGING})
_PASSWORD_HASH = select(users.c.password_hash).where(_ME)
_SET_PASSWORD_HASH = update(users).where(_ME).values(password_hash=bindparam("new_password_hash"))
# One statement that looks and changes: whoever passes the site on at that moment changes the same
# row, so one of the two sees what the other did.
_DISABLE = (
    update(users)
    .where(_ME, users.c.site_role != SiteRole.OWNER.value)
    .values(disabled_at=func.coalesce(users.c.disabled_at, bindparam("at", type_=Time)))
)
_ENABLE = update(users).where(_ME).values(disabled_at=None)
_CLAIM_SITE = update(site).where(site.c.owner_id.is_(None)).values(owner_id=bindparam("user_id"))
_MAKE_OWNER = update(users).where(_ME).values(site_role=SiteRole.OWNER.value)
_LOCK_SITE = update(site).values(owner_id=site.c.owner_id)
_PROMOTE = _MAKE_OWNER.where(users.c.disabled_at.is_(None))
_DEMOTE = (
    update(users)
    .where(users.c.id.in_(select(site.c.owner_id)), users.c.id != bindparam("user_id"))
    .values(site_role=SiteRole.MEMBER.value)
)
_PASS_SITE = update(site).values(owner_id=bindparam("user_id"))
_SITE_OWNER = select(site.c.owner_id)
