"""That the people and rooms are there which records speak of. Within a unit the repositories see to
it; for a copy, which writes past them, nothing in MongoDB does what foreign keys do in SQL."""

from collections.abc import Iterable, Sequence

from adapters.persistence.mongo.calls import Calls
from adapters.persistence.mongo.indexes import ROOMS, USERS
from adapters.persistence.mongo.transaction import Operation, Transaction
from application.ports.transfer import Record
from domain.membership import Membership
from domain.message import Message


class Dangling(Exception):
    """A record speaks of somebody, or of a room, that is not there."""


class References:
    """Remembers who is there, so that hardly anybody is looked up twice."""

    def __init__(self) -> None:
        self._known: dict[str, set[str]] = {USERS: set(), ROOMS: set()}

    async def require(self, transaction: Transaction, records: Sequence[Record]) -> None:
        """Raises `Dangling`. Sessions and stars may outlive what they speak of, on every store."""
        await self._require(transaction, USERS, {each for one in records for each in _people(one)})
        rooms = {one.room_id for one in records if isinstance(one, Membership | Message)}
        await self._require(transaction, ROOMS, rooms)

    async def _require(self, transaction: Transaction, collection: str, ids: Iterable[str]) -> None:
        known = self._known[collection]
        if unknown := sorted(set(ids) - known):
            known.update(await transaction.read(_those_there(collection, unknown)))
        if missing := sorted(set(ids) - known):
            raise Dangling(f"nothing in {collection} has the id {missing[0]}")


def _people(record: Record) -> Iterable[str]:
    match record:
        case Membership():
            return (record.user_id,)
        case Message():
            return [person.id for person in (record.author, record.subject) if person]
        case _:
            return ()


def _those_there(collection: str, ids: list[str]) -> Operation[list[str]]:
    async def those_there(calls: Calls) -> list[str]:
        wanted = {"_id": {"$in": ids}}
        found = await calls.find(collection, wanted, fields={"_id": 1}, order={"_id": 1})
        return [document["_id"] for document in found]

    return those_there
