"""A SQL database that is being filled with another store."""

import json
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Executable, bindparam, delete, insert, select, text, update

from adapters.persistence.sql.database import Database
from adapters.persistence.sql.message_log import SqlMessageLog
from adapters.persistence.sql.messages import message_values
from adapters.persistence.sql.prepared import Values
from adapters.persistence.sql.rows import (
    membership_values,
    room_values,
    session_values,
    star_values,
    user_values,
)
from adapters.persistence.sql.schema import (
    memberships,
    messages,
    rooms,
    sessions,
    site,
    stars,
    unfinished_copy,
    users,
)
from adapters.persistence.sql.snapshot import SqlReadable
from adapters.persistence.sql.transaction import Transaction
from application.ports.store import StoreUnusable
from application.ports.transfer import Account, Filling, Place, Record, Records, Section, place_of
from domain.membership import Membership
from domain.message import Message
from domain.room import Room
from domain.session import Session
from domain.star import Star
from domain.user import SiteRole


class SqlFilling(Filling):
    """Begun by `begin`. How far it got stands in `unfinished_copy`, which is written in the same
    transaction as what it speaks of."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._place: str | None = None

    @property
    def place(self) -> Place | None:
        if self._place is None:
            return None
        section, key = json.loads(self._place)
        return Place(Section(section), tuple(key))

    async def begin(self, source_epoch: str) -> None:
        """Raises `StoreUnusable` if there is anything but an unfinished copy of that source."""
        async with self._database.unit() as transaction:
            unfinished = await transaction.row(_UNFINISHED)
            if unfinished is None:
                await self._require_empty(transaction)
                await transaction.write(_FORGET_SITE, {})
                await transaction.write(_BEGIN, {"id": 1, "source_epoch": source_epoch})
            elif unfinished.source_epoch != source_epoch:
                raise StoreUnusable(
                    f"{self._database.name} holds an unfinished copy of another store: "
                    "finish that copy, or empty the database."
                )
            else:
                self._place = unfinished.place

    async def write(self, records: Sequence[Record]) -> None:
        last = place_of(records[-1])
        place = json.dumps([last.section, last.key])
        async with self._database.unit() as transaction:
            await self._advance(transaction, place)
            for kind, alike in groupby(records, key=type):
                await _WRITE[kind](transaction, list(alike))
        self._place = place

    def records(self, after: Place | None = None) -> Records:
        return self._records(after)

    async def finish(self, epoch: str) -> None:
        async with self._database.unit() as transaction:
            await self._advance(transaction, self._place)  # Nobody else has finished it.
            owner = await transaction.row(_OWNER)
            values = {"id": 1, "epoch": epoch, "owner_id": owner and owner.id}
            await transaction.write(insert(site), values)
            await transaction.write(_END, {})
            if not self._database.is_sqlite:
                # It has counted nothing yet of what came at once, and plans as if it were little.
                await transaction.write(_COUNT, {})

    async def _records(self, after: Place | None) -> Records:
        async with self._database.view() as transaction:
            async for batch in SqlReadable(self._database.name, transaction).records(after):
                yield batch

    async def _require_empty(self, transaction: Transaction) -> None:
        for table in (users, rooms, sessions):
            if await transaction.row(select(table.c.id).limit(1)):
                raise StoreUnusable(
                    f"{self._database.name} is not empty: copy into a new database. Whether this "
                    "copy was finished before, besedka copy --verify-only tells."
                )

    async def _advance(self, transaction: Transaction, place: str | None) -> None:
        values = {"new_place": place, "old_place": self._place}
        if not await transaction.write(_ADVANCE, values):
            raise StoreUnusable(
                f"{self._database.name} is written to by somebody else: one copy at a time."
            )


async def _write_messages(transaction: Transaction, posted: list[Message]) -> None:
    # Nobody else is here: no room has to be locked, and nobody waits for a key.
    rows = [tuple(message_values(message).values()) for message in posted]
    await transaction.insert_all(messages, rows)
    await SqlMessageLog(transaction).index(posted)


def _inserting(
    statement: Executable, values: Callable[[Any], Values]
) -> Callable[[Transaction, list[Any]], Any]:
    async def write(transaction: Transaction, records: list[Any]) -> None:
        await transaction.write_each(statement, [values(record) for record in records])

    return write


def _account_values(account: Account) -> Values:
    return {**user_values(account.user), "password_hash": account.password_hash}


_WRITE = {
    Account: _inserting(insert(users), _account_values),
    Room: _inserting(insert(rooms), room_values),
    Membership: _inserting(insert(memberships), membership_values),
    Message: _write_messages,
    Session: _inserting(insert(sessions), session_values),
    Star: _inserting(insert(stars), star_values),
}

_UNFINISHED = select(unfinished_copy)
_BEGIN = insert(unfinished_copy)
_ADVANCE = (
    update(unfinished_copy)
    .where(unfinished_copy.c.place.is_not_distinct_from(bindparam("old_place")))
    .values(place=bindparam("new_place"))
)
_END = delete(unfinished_copy)
_FORGET_SITE = delete(site)
_COUNT = text("ANALYZE")
_OWNER = select(users.c.id).where(users.c.site_role == SiteRole.OWNER.value).order_by(users.c.id)
