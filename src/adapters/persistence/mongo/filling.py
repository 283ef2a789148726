"""A MongoDB database that is being filled with another store.

How far that got stands in the `site` document, under `copying`, and is written in the same
transaction as what it speaks of. As long as it stands there, nobody opens the store.
"""

from collections.abc import Sequence
from itertools import groupby, islice

from adapters.persistence.mongo.calls import Calls
from adapters.persistence.mongo.connection import Connection
from adapters.persistence.mongo.database import Database
from adapters.persistence.mongo.driver import Document
from adapters.persistence.mongo.errors import Duplicate
from adapters.persistence.mongo.indexes import ROOMS, SESSIONS, SITE, USERS, VERSION, make_indexes
from adapters.persistence.mongo.opening import THE_SITE, checked_site
from adapters.persistence.mongo.references import References
from adapters.persistence.mongo.sections import SECTIONS
from adapters.persistence.mongo.snapshot import MongoReadable
from adapters.persistence.mongo.transaction import Operation
from application.ports.store import StoreUnusable
from application.ports.transfer import Filling, Place, Record, Records, Section, place_of
from domain.user import SiteRole

# Each message changes a page of the index for each of its words. The server gives a transaction up
# that changes more of them than a fifth of its cache can hold, and would never take it.
AT_ONCE = 200


class MongoFilling(Filling):
    """Begun by `begin`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._source_epoch = ""
        self._stored: list[str | int] | None = None
        self._session: Document | None = None
        self._references = References()

    @property
    def place(self) -> Place | None:
        if self._stored is None:
            return None
        section, *key = self._stored
        return Place(Section(int(section)), tuple(key))

    async def begin(self, source_epoch: str, connection: Connection) -> None:
        """Raises `StoreUnusable` if there is anything but an unfinished copy of that source."""
        site = await checked_site(connection, self._database.name)
        copying = site and site.get("copying")
        if not copying:
            await self._require_empty(connection.calls())
            copying = {"source_epoch": source_epoch, "place": None}
            await self._begin(copying)
        elif copying["source_epoch"] != source_epoch:
            raise StoreUnusable(
                f"{self._database.name} holds an unfinished copy of another store: "
                "finish that copy, or drop the database."
            )
        elif "session" in copying:
            await connection.kill(copying["session"])
        # Also if the copy was begun before: it may have been interrupted here.
        await make_indexes(connection.catalog)
        self._source_epoch, self._stored = source_epoch, copying["place"]

    async def write(self, records: Sequence[Record]) -> None:
        rest = iter(records)
        while some := list(islice(rest, AT_ONCE)):
            await self._write(some)

    async def _write(self, records: list[Record]) -> None:
        last = place_of(records[-1])
        stored: list[str | int] = [int(last.section), *last.key]
        async with self._database.unit() as transaction:
            await self._sign(transaction.session_id)
            advanced = {"$set": {"copying.place": stored}}
            if not await transaction.write(_changed(self._ours, advanced)):
                raise self._not_alone()
            for section, group in groupby(records, key=lambda record: place_of(record).section):
                alike = list(group)
                await self._references.require(transaction, alike)
                await transaction.write(_inserted(section, alike))
        self._stored = stored

    async def records(self, after: Place | None = None) -> Records:
        async with self._database.view(lasting=True) as transaction:
            async for batch in MongoReadable(self._database.name, transaction).records(after):
                yield batch

    async def finish(self, epoch: str) -> None:
        async with self._database.unit() as transaction:
            if not await transaction.write(_finished(self._ours, epoch)):
                raise self._not_alone()

    @property
    def _ours(self) -> Document:
        """Matches the site while nobody else has begun, gone on, finished or dropped anything."""
        copying = {"source_epoch": self._source_epoch, "place": self._stored}
        return {**THE_SITE, **{f"copying.{name}": value for name, value in copying.items()}}

    def _not_alone(self) -> StoreUnusable:
        return StoreUnusable(
            f"{self._database.name} is written to by somebody else: one copy at a time."
        )

    async def _begin(self, copying: Document) -> None:
        try:
            await self._database.call(_begun(copying))
        except Duplicate as error:
            raise self._not_alone() from error

    async def _sign(self, session: Document) -> None:
        """Leave word of whose transaction is about to begin. If we are killed in it, the server
        goes on keeping it for a minute; whoever comes next can end it."""
        if session != self._session:
            signed = {"$set": {"copying.session": session}}
            if not await self._database.call(_changed(self._ours, signed)):
                raise self._not_alone()
            self._session = session

    async def _require_empty(self, calls: Calls) -> None:
        for collection in (USERS, ROOMS, SESSIONS):
            if await calls.find_one(collection, {}, {"_id": 1}):
                raise StoreUnusable(
                    f"{self._database.name} is not empty: copy into a new database. Whether this "
                    "copy was finished before, besedka copy --verify-only tells."
                )


def _begun(copying: Document) -> Operation[None]:
    """Of two who begin at once, the second raises `Duplicate`."""
    free = {**THE_SITE, "copying": {"$exists": False}}
    values = {"version": VERSION, "copying": copying}
    changes = {"$set": values, "$unset": {"epoch": "", "owner_id": ""}}

    async def begun(calls: Calls) -> None:
        if not await calls.update(SITE, free, changes):
            await calls.insert(SITE, [{**THE_SITE, **values}])

    return begun


def _changed(there: Document, changes: Document) -> Operation[bool]:
    return lambda calls: calls.update(SITE, there, changes)


def _inserted(section: Section, records: list[Record]) -> Operation[None]:
    documents = [SECTIONS[section].write(record) for record in records]
    return lambda calls: calls.insert(SECTIONS[section].collection, documents)


def _finished(there: Document, epoch: str) -> Operation[bool]:
    async def finished(calls: Calls) -> bool:
        owners = {"site_role": SiteRole.OWNER.value}
        found = await calls.find(USERS, owners, fields={"_id": 1}, order={"_id": 1}, limit=1)
        owner = {"owner_id": found[0]["_id"]} if found else {}
        changes = {"$set": {"epoch": epoch, **owner}, "$unset": {"copying": ""}}
        return await calls.update(SITE, there, changes)

    return finished
