"""What MongoDB has to be like, and what an operator is told where it is not."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from adapters.persistence.mongo.driver import DriverName
from adapters.persistence.mongo.indexes import INDEXES, VERSION
from adapters.persistence.mongo.opening import checked_server
from adapters.persistence.mongo.reading import UnreadableDocument
from adapters.persistence.mongo.session_store import MongoSessionStore
from adapters.persistence.mongo.store import MongoStore
from adapters.persistence.mongo.url import address_of
from application.ports.store import StoreUnusable
from domain.errors import StoreUnavailable
from domain.room import Room
from domain.search import Wanted
from tests.cast import a_membership, a_post, a_room, a_session, alice, at, bob, mallory, numbered
from tests.servers.mongo import MongoServer, fresh_database, shared_client
from tests.servers.setting import free_port

# PyMongo leaves a socket to the garbage collector when it is closed while it connects.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

DRIVERS: list[DriverName] = ["motor", "pymongo"]


@pytest.fixture(params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> DriverName:
    return request.param


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with fresh_database() as url:
        yield url


@pytest.fixture(scope="module")
def standalone() -> Iterator[MongoServer]:
    server = MongoServer(standalone=True)
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="module")
def guarded() -> Iterator[MongoServer]:
    server = MongoServer(password="pass")
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="module")
def not_begun() -> Iterator[MongoServer]:
    server = MongoServer()
    try:
        server.start(initiate=False)
        yield server
    finally:
        server.close()


@asynccontextmanager
async def opened(
    url: str, driver: DriverName = "pymongo", epoch: str = "first life", timeout: float = 5.0
) -> AsyncIterator[MongoStore]:
    store = MongoStore(url, driver=driver, timeout=timeout)
    try:
        await store.open(epoch)
        yield store
    finally:
        await store.close()


async def refused(url: str, driver: DriverName = "pymongo", timeout: float = 5.0) -> str:
    with pytest.raises(StoreUnusable) as unusable:
        async with opened(url, driver, timeout=timeout):
            pass
    reason = str(unusable.value)
    assert "\n" not in reason
    assert len(reason) < 500
    return reason


async def test_everything_survives_reopening(url: str, driver: DriverName) -> None:
    session, room = a_session(alice()), a_room()
    async with opened(url, driver) as store:
        async with store.unit() as unit:
            await unit.rooms.add(room)
            await unit.users.add(alice(), "hash")
            messages = numbered(room, a_post(alice(), key="k"))
            await unit.log.append(messages)
            await unit.rooms.save(room)
        await MongoSessionStore(store.database).add(session)

    async with opened(url, driver, "second life") as reopened, reopened.view() as view:
        assert reopened.epoch == "first life"
        assert await view.users.find_by_name("alice") == alice()
        assert await view.rooms.find(room.id) == replace(a_room(), head=1)
        assert await view.log.replay(room.id, 0, limit=9) == messages
        found = await MongoSessionStore(reopened.database).find_many([session.digest])
        assert found == {session.digest: session}


async def test_nodes_that_start_together_found_one_store(url: str) -> None:
    stores = [MongoStore(url, driver=DRIVERS[n % 2]) for n in range(6)]

    await asyncio.gather(*(store.open(f"life {n}") for n, store in enumerate(stores)))
    for store in stores:
        await store.close()

    assert len({store.epoch for store in stores}) == 1
    database = shared_client()[address_of(url).database]
    for collection, indexes in INDEXES.items():
        made = set(database[collection].index_information())
        assert made == {"_id_", *(str(index.document["name"]) for index in indexes)}


async def test_a_database_of_the_first_version_gets_the_indexes_of_this_one(
    url: str, driver: DriverName
) -> None:
    async with opened(url, driver):
        pass
    database = shared_client()[address_of(url).database]
    database.drop_collection("stars")
    database["site"].update_one({}, {"$set": {"version": 1}})

    async with opened(url, driver):
        pass

    assert "stars_message" in database["stars"].index_information()
    site = database["site"].find_one()
    assert site
    assert site["version"] == VERSION


async def test_messages_of_the_second_version_are_given_their_days(
    url: str, driver: DriverName
) -> None:
    room = a_room()
    async with opened(url, driver) as store:
        await _say(store, room, "tea")
    database = shared_client()[address_of(url).database]
    [day] = [message.pop("day") for message in database["messages"].find()]
    database["messages"].update_many({}, {"$unset": {"day": ""}})
    database["messages"].drop_index("messages_day")
    database["site"].update_one({}, {"$set": {"version": 2}})

    async with opened(url, driver):
        pass

    assert [message["day"] for message in database["messages"].find()] == [day]
    assert "messages_day" in database["messages"].index_information()


async def test_what_an_older_program_still_writes_is_found_by_its_day(
    url: str, driver: DriverName
) -> None:
    room = a_room()
    async with opened(url, driver) as store:
        await _say(store, room, "tea", "tea", "tea")
        messages = shared_client()[address_of(url).database]["messages"]
        messages.update_many({"_id.seq": {"$ne": 2}}, {"$unset": {"day": ""}})

        tea = frozenset({"tea"})
        async with store.view() as view:
            for wanted, seqs in (
                (Wanted(words=tea, since=at(2)), [3, 2]),
                (Wanted(words=tea, until=at(3)), [2, 1]),
                (Wanted(words=tea, since=at(1), until=at(2)), [1]),
            ):
                found = await view.log.search(room.id, wanted, before=9, limit=9)
                assert [message.seq for message in found] == seqs


async def _say(store: MongoStore, room: Room, *texts: str) -> None:
    async with store.unit() as unit:
        await unit.users.add(alice(), "hash")
        await unit.rooms.add(room)
        await unit.log.append(numbered(room, *(a_post(alice(), text) for text in texts)))


async def test_a_name_is_not_needed_in_the_url() -> None:
    assert address_of("mongodb://host").database == "besedka"
    assert address_of("mongodb://host/").database == "besedka"
    assert address_of("mongodb+srv://host/chat?w=1").database == "chat"


@pytest.mark.parametrize(
    "url",
    [
        "mongodb://",
        "mongodb:/host/x",
        "mongodb://me:pa/ss@host/besedka",
        "mongodb://me:pass@host/a b",
        "mongodb://me:pass@host/" + "x" * 64,
        "mongodb://[::1/besedka",
    ],
)
def test_a_malformed_url_is_refused_without_showing_the_password(url: str) -> None:
    with pytest.raises(StoreUnusable, match="mongodb://user:password@host:27017/besedka") as found:
        MongoStore(url)

    assert "pa" not in str(found.value).replace("password", "").replace("particular", "")


async def test_what_the_driver_does_not_understand_is_refused(driver: DriverName) -> None:
    reason = await refused("mongodb://me:p@ss@host:port/x", driver)

    assert "Correct its port" in reason
    assert "ss@" not in reason


def test_the_databases_of_the_server_are_refused() -> None:
    with pytest.raises(StoreUnusable, match="authSource=admin"):
        MongoStore("mongodb://host/admin")


def test_the_name_hides_the_password_and_the_options() -> None:
    url = "mongodb://me:p@ss:w@a:1,b:2/chat?tlsCertificateKeyFilePassword=secret"

    assert MongoStore(url).database.name == "mongodb://me:***@a:1,b:2/chat"


async def test_a_server_that_is_not_there_is_refused_in_time(driver: DriverName) -> None:
    async with asyncio.timeout(3):
        reason = await refused(f"mongodb://me:pass@127.0.0.1:{free_port()}/x", driver, timeout=0.5)

    assert "cannot be reached" in reason
    assert "Errno 111" in reason or "refused" in reason
    assert "me:***@" in reason


async def test_a_standalone_server_is_refused(standalone: MongoServer, driver: DriverName) -> None:
    reason = await refused(standalone.url(), driver)

    assert "mongod --replSet rs0" in reason
    assert "rs.initiate()" in reason


async def test_a_replica_set_that_was_not_begun_is_refused(
    not_begun: MongoServer, driver: DriverName
) -> None:
    assert "rs.initiate()" in await refused(not_begun.url(), driver, timeout=1)


async def test_a_wrong_password_and_a_stranger_are_refused(
    guarded: MongoServer, driver: DriverName
) -> None:
    address = f"127.0.0.1:{guarded.port}"

    wrong = await refused(f"mongodb://me:wrong@{address}/x?authSource=admin", driver)
    assert "refuses the user or the password" in wrong
    assert "authSource=admin" in await refused(f"mongodb://me:pass@{address}/x", driver)
    assert "readWrite" in await refused(f"mongodb://{address}/x", driver)
    async with opened(f"mongodb://me:pass@{address}/x?authSource=admin", driver) as store:
        await store.check()


def test_an_old_server_is_refused() -> None:
    with pytest.raises(StoreUnusable, match=r"older than 5\.0"):
        checked_server({"maxWireVersion": 12, "setName": "rs0"})
    checked_server({"maxWireVersion": 13, "setName": "rs0"})
    checked_server({"maxWireVersion": 13, "msg": "isdbgrid"})


async def test_a_database_of_another_program_is_refused_and_left_alone(
    url: str, driver: DriverName
) -> None:
    database = shared_client()[address_of(url).database]
    database.users.insert_one({"name": "somebody"})

    assert "another program" in await refused(url, driver)
    assert database.list_collection_names() == ["users"]
    assert database.users.count_documents({}) == 1


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(
    url: str, driver: DriverName
) -> None:
    async with opened(url, driver):
        pass
    site = shared_client()[address_of(url).database].site
    site.update_one({}, {"$set": {"version": VERSION + 1}})
    before = site.find_one()

    assert "newer version" in await refused(url, driver)
    assert site.find_one() == before


async def test_who_was_signed_in_before_there_were_tokens_still_is(
    url: str, driver: DriverName
) -> None:
    session = a_session(alice())
    async with opened(url, driver) as store:
        await MongoSessionStore(store.database).add(session)
    database = shared_client()[address_of(url).database]
    database.site.update_one({}, {"$set": {"version": 1}})
    database.sessions.update_one({}, {"$unset": {"name": ""}})

    async with opened(url, driver) as store:
        sessions = MongoSessionStore(store.database)

        assert await sessions.find_many([session.digest]) == {session.digest: session}
        assert await sessions.forget_over(expired=at(0), idle=session.seen_at) == 1
    assert database.site.find_one()["version"] == VERSION


async def test_a_closed_store_is_unavailable(url: str, driver: DriverName) -> None:
    async with opened(url, driver) as store:
        pass

    for call in (store.check, lambda: store.unit().__aenter__(), lambda: store.view().__aenter__()):
        with pytest.raises(StoreUnavailable):
            await call()


async def test_a_person_whose_name_is_not_valid_harms_nobody_else(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    database = shared_client()[address_of(url).database]
    async with opened(url) as store:
        async with store.unit() as unit:
            room = a_room()
            await unit.rooms.add(room)
            for user in (alice(), bob()):
                await unit.users.add(user, "hash")
                await unit.memberships.add(a_membership(room, user))
            await unit.log.append(numbered(room, a_post(bob())))
        database.users.update_one({"folded": "bob"}, {"$set": {"username": "b b"}})

        async with store.view() as view:
            with pytest.raises(UnreadableDocument, match=f"{bob().id} of collection users"):
                await view.users.get(bob().id)
            assert await view.users.search("", limit=9) == [alice()]
            members = await view.memberships.list_members(room.id)
            assert [member.user for member in members] == [alice()]
            assert len(await view.log.replay(room.id, 0, limit=9)) == 1
        assert [record.levelname for record in caplog.records] == ["ERROR"]

        database.messages.update_one({}, {"$set": {"kind": "sung"}})
        async with store.view() as view:
            with pytest.raises(UnreadableDocument, match=r"collection messages .*sung"):
                await view.log.replay(room.id, 0, limit=9)


async def test_deleted_and_cleared_texts_are_gone(url: str) -> None:
    messages = shared_client()[address_of(url).database].messages
    async with opened(url) as store:
        async with store.unit() as unit:
            room = a_room()
            await unit.rooms.add(room)
            await unit.users.add(alice(), "hash")
            await unit.users.add(mallory(), "hash")
            posts = (a_post(alice(), f"secret{n}", mentions=(mallory().id,)) for n in range(9))
            await unit.log.append(numbered(room, *posts))
        async with store.unit() as unit:
            await unit.log.clear(room.id, 4)
            for seq in range(5, 10):
                await unit.log.scrub(room.id, seq)

    left = list(messages.find())
    assert len(left) == 5
    assert "secret" not in str(left)
    assert mallory().id not in str(left)
