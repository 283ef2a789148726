"""A MongoDB database as something to move. That all stores move into each other is tested apart."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest
from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure

from adapters.persistence.mongo import filling, sections, snapshot
from adapters.persistence.mongo import movable as mongo_movable
from adapters.persistence.mongo.calls import Calls
from adapters.persistence.mongo.driver import DriverName
from adapters.persistence.mongo.movable import MongoMovable
from adapters.persistence.mongo.store import MongoStore
from adapters.persistence.mongo.url import address_of
from application.ports.store import StoreUnusable
from application.ports.transfer import Account, Place, Record, Section, place_of
from domain.errors import StoreUnavailable
from domain.message import Kind, Message
from domain.search import Wanted
from domain.user import Person, SiteRole
from tests.cast import (
    a_membership,
    a_post,
    a_room,
    a_session,
    a_user,
    alice,
    an_entry,
    at,
    bob,
    numbered,
)
from tests.servers.mongo import fresh_database, shared_client

DRIVERS: list[DriverName] = ["motor", "pymongo"]


@pytest.fixture(params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> DriverName:
    return request.param


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with fresh_database() as url:
        yield url


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sections, snapshot):
        monkeypatch.setattr(module, "BATCH", 3)


def everything() -> list[Record]:
    """Something of each kind, in the order of places."""
    garden = a_room(head=12, floor=1, members=2)
    archived = a_room("shed", archived_at=at(9))
    again = replace(a_room("Shed"), head=1)
    posts = [a_post(alice(), f"post {n}", key=f"k{n}", mentions=(bob().id,)) for n in range(9)]
    log = numbered(
        a_room(head=1), *posts, an_entry(Kind.EDITED, bob(), target=3, text="new"),
        an_entry(Kind.INVITED, alice(), subject=bob().person),
    )  # fmt: skip
    log[3] = replace(log[3], text="", mentions=(), deleted=True)
    records: list[Record] = [
        Account(a_user("alice", site_role=SiteRole.OWNER), "hash of alice"),
        Account(bob(), "hash of bob"),
        Account(a_user("gone", disabled_at=at(1)), "hash"),
        garden,
        archived,
        again,
        a_membership(garden, alice(), read=2**60),
        a_membership(garden, bob(), present=True),
        *(_without_names(message) for message in log),
        *(_without_names(message) for message in numbered(a_room("Shed"), a_post(bob()))),
        a_session(alice()),
        a_session(bob()),
    ]
    return sorted(records, key=place_of)


def _without_names(message: Message) -> Message:
    author, subject = (
        person and Person(person.id, "", "") for person in (message.author, message.subject)
    )
    return replace(message, author=author, subject=subject)


async def fill(movable: MongoMovable, records: Sequence[Record]) -> None:
    async with movable.fill("their life") as filling:
        for start in range(0, len(records), 4):
            await filling.write(records[start : start + 4])
        await filling.finish("my life")


async def read(movable: MongoMovable, after: Place | None = None) -> list[Record]:
    async with movable.read() as found:
        return [record async for batch in found.records(after) for record in batch]


async def refused_to_read(movable: MongoMovable) -> str:
    with pytest.raises(StoreUnusable) as refused:
        await read(movable)
    return str(refused.value)


async def test_what_was_written_is_read_back_equal(url: str, driver: DriverName) -> None:
    movable = MongoMovable(url, driver=driver)

    await fill(movable, everything())

    assert await read(movable) == everything()
    async with movable.read() as found:
        assert found.epoch == "my life"
        totals = await found.totals()
    assert totals == {section: _number_of(section) for section in Section}


def _number_of(section: Section) -> int:
    return sum(place_of(record).section is section for record in everything())


async def test_reading_goes_on_after_any_place(url: str) -> None:
    movable = MongoMovable(url, driver="pymongo")
    await fill(movable, everything())

    for number, record in enumerate(everything(), start=1):
        assert await read(movable, place_of(record)) == everything()[number:]


async def test_a_filled_store_opens_and_has_its_owner_and_its_words(
    url: str, driver: DriverName
) -> None:
    await fill(MongoMovable(url, driver=driver), everything())
    store = MongoStore(url, driver=driver)

    await store.open("another life")

    assert store.epoch == "my life"
    async with store.view() as view:
        assert await view.users.is_site_claimed()
        found = await view.log.search(
            a_room().id, Wanted(words=frozenset({"post"})), before=99, limit=99
        )
        assert len(found) == 8
        [message] = await view.log.replay(a_room("Shed").id, 0, limit=9)
        assert message.author == bob().person
    await store.close()


async def test_an_interrupted_copy_goes_on_where_it_was(url: str, driver: DriverName) -> None:
    movable, records = MongoMovable(url, driver=driver), everything()
    for first, last in ((0, 5), (5, 14)):
        async with movable.fill("their life") as filling:
            assert filling.place == (place_of(records[first - 1]) if first else None)
            await filling.write(records[first:last])
            read_back = [record async for batch in filling.records() for record in batch]
            assert read_back == records[:last]

    store = MongoStore(url, driver=driver)
    with pytest.raises(StoreUnusable, match="besedka copy"):
        await store.open("life")
    assert "unfinished" in await refused_to_read(movable)
    with pytest.raises(StoreUnusable, match="of another store"):
        async with movable.fill("a third life"):
            pass
    async with movable.fill("their life") as filling:
        await filling.write(records[14:])
        await filling.finish("my life")

    assert await read(movable) == records


async def test_two_copies_at_a_time_are_one_too_many(url: str, driver: DriverName) -> None:
    records = everything()
    one, other = MongoMovable(url, driver=driver), MongoMovable(url, driver=driver)

    async with one.fill("life") as first, other.fill("life") as second:
        await first.write(records[:3])
        with pytest.raises(StoreUnusable, match="somebody else"):
            await second.write(records[:3])
        await first.write(records[3:])
        await first.finish("my life")

    assert await read(one) == records


async def test_only_who_wrote_to_the_end_finishes(url: str, driver: DriverName) -> None:
    records = everything()
    one, other = MongoMovable(url, driver=driver), MongoMovable(url, driver=driver)

    async with one.fill("life") as first, other.fill("life") as second:
        await first.write(records[:3])
        with pytest.raises(StoreUnusable, match="somebody else"):
            await second.finish("their life")
        await first.write(records[3:])
        await first.finish("my life")

    async with one.read() as found:
        assert found.epoch == "my life"


async def test_what_was_finished_is_not_written_to(url: str, driver: DriverName) -> None:
    one, other = MongoMovable(url, driver=driver), MongoMovable(url, driver=driver)

    async with one.fill("life") as first, other.fill("life") as second:
        await first.finish("my life")
        with pytest.raises(StoreUnusable, match="somebody else"):
            await second.write(everything()[:3])

    assert await read(one) == []


async def test_of_two_that_begin_at_once_one_is_refused(
    url: str, driver: DriverName, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = MongoMovable(url, driver=driver), MongoMovable(url, driver=driver)

    async with one.fill("life") as first:
        with monkeypatch.context() as patch:
            patch.setattr(filling, "checked_site", _nothing_yet)
            with pytest.raises(StoreUnusable, match="somebody else"):
                async with other.fill("another life"):
                    pass
        await first.write(everything())
        await first.finish("my life")

    assert await read(one) == everything()


async def _nothing_yet(*_: object) -> None:
    """What both saw before one of them began."""


@pytest.mark.parametrize("written", [0, 3])
async def test_a_database_that_is_dropped_before_the_end_is_not_finished(
    url: str, driver: DriverName, written: int
) -> None:
    movable = MongoMovable(url, driver=driver)

    async with movable.fill("life") as filling:
        if written:
            await filling.write(everything()[:written])
        await asyncio.to_thread(shared_client().drop_database, address_of(url).database)
        with pytest.raises(StoreUnusable, match="somebody else"):
            await filling.finish("my life")

    assert "holds nothing" in await refused_to_read(movable)


async def test_records_that_no_store_could_hold_together_are_refused(
    url: str, driver: DriverName
) -> None:
    movable = MongoMovable(url, driver=driver)
    alike = [Account(replace(a_user(name), username=alice().username), "") for name in "ab"]

    async with movable.fill("life") as filling:
        with pytest.raises(StoreUnusable, match="two have the same folded") as refused:
            await filling.write(sorted(alike, key=place_of))

    assert address_of(url).database in str(refused.value)


_TOO_LARGE = "transaction is too large and will not fit in the storage engine cache"


@pytest.mark.parametrize(
    "said",
    [
        BulkWriteError({"writeErrors": [{"index": 5, "code": 388, "errmsg": _TOO_LARGE}]}),
        OperationFailure(_TOO_LARGE, 388),
        OperationFailure(_TOO_LARGE, 388, {"errorLabels": ["TransientTransactionError"]}),
    ],
    ids=["of a document", "of all", "as if it passed"],
)
async def test_a_cache_that_is_too_small_is_explained(
    url: str, driver: DriverName, said: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_large(*_: object) -> None:
        raise said

    monkeypatch.setattr(mongo_movable, "_LONGEST_CALL", 1)
    movable = MongoMovable(url, driver=driver, timeout=0.5)
    async with movable.fill("life") as filling:
        monkeypatch.setattr(Calls, "insert", too_large)
        with pytest.raises(StoreUnusable, match="raise --wiredTigerCacheSizeGB"):
            await filling.write(everything()[:3])


@pytest.mark.parametrize("error", [ConnectionFailure("the source"), StoreUnavailable("the source")])
async def test_errors_of_the_other_end_are_not_its_own(
    url: str, driver: DriverName, error: Exception
) -> None:
    movable = MongoMovable(url, driver=driver)

    with pytest.raises(type(error)):
        async with movable.fill("life"):
            raise error
    async with movable.fill("life") as filling:
        await filling.finish("my life")
    with pytest.raises(type(error)):
        async with movable.read():
            raise error


async def test_a_store_with_people_is_not_filled(url: str, driver: DriverName) -> None:
    movable = MongoMovable(url, driver=driver)
    await fill(movable, everything())

    with pytest.raises(StoreUnusable, match="not empty"):
        await fill(movable, everything())

    assert await read(movable) == everything()


async def test_a_store_that_was_opened_but_never_used_is_filled(
    url: str, driver: DriverName
) -> None:
    store = MongoStore(url, driver=driver)
    await store.open("no life")
    await store.close()

    await fill(MongoMovable(url, driver=driver), everything())

    await store.open("another life")
    assert store.epoch == "my life"
    await store.close()


async def test_looking_makes_nothing(url: str, driver: DriverName) -> None:
    reason = await refused_to_read(MongoMovable(url, driver=driver))

    assert "holds nothing" in reason
    assert address_of(url).database not in shared_client().list_database_names()


async def test_a_snapshot_stays_while_others_write(url: str, driver: DriverName) -> None:
    movable = MongoMovable(url, driver=driver)
    await fill(movable, everything())
    store = MongoStore(url, driver=driver)
    await store.open("life")

    async with movable.read() as found:
        async with store.unit() as unit:
            await unit.users.add(a_user("late"), "hash")
            await unit.rooms.lock(a_room().id)
            await unit.log.clear(a_room().id, 9)
        records = [record async for batch in found.records() for record in batch]
        totals = await found.totals()
    await store.close()

    assert records == everything()
    assert sum(totals.values()) == len(records)


async def test_what_cannot_be_read_is_told_with_its_place(url: str, driver: DriverName) -> None:
    movable = MongoMovable(url, driver=driver)
    await fill(movable, everything())
    database = shared_client()[address_of(url).database]
    database.messages.update_one({"_id.seq": 5}, {"$set": {"kind": "sung"}})

    reason = await refused_to_read(movable)

    assert a_room().id in reason
    assert "sung" in reason
