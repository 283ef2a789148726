"""Accounts in MongoDB."""

from collections.abc import Iterable
from datetime import datetime

from adapters.persistence.mongo.calls import Calls, Query
from adapters.persistence.mongo.documents import user_document, user_of
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.indexes import SITE, USERS
from adapters.persistence.mongo.opening import THE_SITE
from adapters.persistence.mongo.reading import readable
from adapters.persistence.mongo.time import milliseconds
from adapters.persistence.mongo.transaction import Transaction
from application.ports.user_repository import UserRepository
from domain.errors import UsernameTaken, UserNotFound
from domain.ids import UserId
from domain.user import SiteRole, User


class MongoUserRepository(UserRepository):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, user: User, password_hash: str) -> None:
        document = user_document(user, password_hash)
        if not await self._transaction.write(lambda calls: _added(calls, document)):
            raise UsernameTaken(user.username.value)
        self._transaction.known.add(user.id)

    async def save(self, user: User) -> None:
        document = user_document(user, "")
        await self._change(user.id, {name: document[name] for name in _CHANGING})

    async def get(self, user_id: UserId) -> User:
        user = await self._find({"_id": user_id})
        if user is None:
            raise UserNotFound
        return user

    async def find_by_name(self, folded: str) -> User | None:
        return await self._find({"folded": folded})

    async def list_by_id(self, user_ids: Iterable[UserId]) -> list[User]:
        wanted = {"_id": {"$in": list(set(user_ids))}}
        return readable(
            user_of,
            await self._transaction.read(lambda calls: calls.find(USERS, wanted, fields=_USER)),
        )

    async def search(self, folded: str, *, limit: int) -> list[User]:
        wanted = {
            "folded": {"$gte": folded, "$lt": folded + _AFTER_ALL_LETTERS},
            "disabled_at": None,
        }
        found = await self._transaction.read(
            lambda calls: calls.find(USERS, wanted, fields=_USER, order={"folded": 1}, limit=limit)
        )
        return readable(user_of, found)

    async def page(self, *, after: str, limit: int) -> list[User]:
        wanted = {"folded": {"$gt": after}}
        found = await self._transaction.read(
            lambda calls: calls.find(USERS, wanted, fields=_USER, order={"folded": 1}, limit=limit)
        )
        return readable(user_of, found)

    async def find_password_hash(self, user_id: UserId) -> str | None:
        found = await self._transaction.read(
            lambda calls: calls.find_one(USERS, {"_id": user_id}, {"password_hash": 1})
        )
        return str(found["password_hash"]) if found else None

    async def set_password_hash(self, user_id: UserId, password_hash: str) -> None:
        await self._change(user_id, {"password_hash": password_hash})

    async def disable(self, user_id: UserId, at: datetime) -> bool:
        disabled = await self._transaction.write(
            lambda calls: _disabled(calls, user_id, milliseconds(at))
        )
        if disabled is None:
            raise UserNotFound
        return disabled

    async def enable(self, user_id: UserId) -> None:
        await self._change(user_id, {"disabled_at": None})

    async def claim_site(self, user_id: UserId) -> bool:
        claimed = await self._transaction.write(lambda calls: _claimed(calls, user_id))
        if claimed is None:
            raise UserNotFound
        return claimed

    async def pass_site(self, user_id: UserId) -> bool:
        passed = await self._transaction.write(lambda calls: _passed(calls, user_id))
        if passed is None:
            raise UserNotFound
        return passed

    async def is_site_claimed(self) -> bool:
        site = await self._transaction.read(lambda calls: calls.find_one(SITE, THE_SITE))
        return site is not None and "owner_id" in site

    async def _find(self, wanted: Query) -> User | None:
        found = await self._transaction.read(lambda calls: calls.find_one(USERS, wanted, _USER))
        if found is None:
            return None
        self._transaction.known.add(found["_id"])
        return user_of(found)

    async def _change(self, user_id: UserId, values: Document) -> None:
        if not await self._transaction.write(
            lambda calls: calls.update(USERS, {"_id": user_id}, {"$set": values})
        ):
            raise UserNotFound


_CHANGING = ("display_name", "email")
_USER = {"folded": 0, "password_hash": 0}
# A code point that no name can contain: the names with a prefix lie between it and this.
_AFTER_ALL_LETTERS = "\U0010ffff"


async def _added(calls: Calls, document: Document) -> bool:
    """Looks first: a document that is refused ends the transaction."""
    same = {"$or": [{"folded": document["folded"]}, {"_id": document["_id"]}]}
    if await calls.find_one(USERS, same, {"_id": 1}):
        return False
    await calls.insert(USERS, [document])
    return True


async def _disabled(calls: Calls, user_id: UserId, at: int) -> bool | None:
    """None if there is no such person. Whoever passes the site on at that moment changes the same
    document, so one of the two begins again and sees what the other did."""
    user = await calls.find_one(USERS, {"_id": user_id}, {"site_role": 1, "disabled_at": 1})
    if user is None:
        return None
    if user["site_role"] == SiteRole.OWNER.value:
        return False
    since = at if user["disabled_at"] is None else user["disabled_at"]
    return await calls.update(USERS, {"_id": user_id}, {"$set": {"disabled_at": since}})


async def _claimed(calls: Calls, user_id: UserId) -> bool | None:
    """None if there is no such person; then nothing is claimed."""
    unclaimed = {**THE_SITE, "owner_id": {"$exists": False}}
    if not await calls.find_one(SITE, unclaimed, {"_id": 1}):
        return False
    role = {"$set": {"site_role": SiteRole.OWNER.value}}
    if not await calls.update(USERS, {"_id": user_id}, role):
        return None
    return await calls.update(SITE, unclaimed, {"$set": {"owner_id": user_id}})


async def _passed(calls: Calls, user_id: UserId) -> bool | None:
    """None if there is no such person. Of those who are made the owner at once, all but one begin
    again, as they change the same site."""
    user = await calls.find_one(USERS, {"_id": user_id}, {"disabled_at": 1})
    if user is None:
        return None
    if user["disabled_at"] is not None:
        return False
    former = (await calls.find_one(SITE, THE_SITE) or {}).get("owner_id")
    await calls.update(SITE, THE_SITE, {"$set": {"owner_id": user_id}})
    await calls.update(USERS, {"_id": former}, {"$set": {"site_role": SiteRole.MEMBER.value}})
    return await calls.update(
        USERS, {"_id": user_id}, {"$set": {"site_role": SiteRole.OWNER.value}}
    )
