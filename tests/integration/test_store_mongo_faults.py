"""Trouble with MongoDB: conflicts, a server that is killed, one that does not answer."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from adapters.persistence.mongo.driver import DriverName
from adapters.persistence.mongo.store import MongoStore
from application.ports.message_log import KeyTaken
from application.ports.store import Store
from application.posting import Post, Posted, store_posts
from domain.errors import RoomNotFound, StoreUnavailable, UsernameTaken, UserNotFound
from domain.message import Message
from tests.cast import a_membership, a_post, a_room, a_user, alice, at, bob, numbered
from tests.servers.mongo import MongoServer, fresh_database, shared_client

DRIVERS: list[DriverName] = ["motor", "pymongo"]


@pytest.fixture(params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> DriverName:
    return request.param


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with fresh_database() as url:
        yield url


@pytest.fixture
def server() -> Iterator[MongoServer]:
    """One of its own, to be hurt."""
    server = MongoServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


@asynccontextmanager
async def opened(url: str, driver: DriverName, timeout: float = 5.0) -> AsyncIterator[MongoStore]:
    store = MongoStore(url, driver=driver, timeout=timeout)
    try:
        await store.open("first life")
        yield store
    finally:
        await store.close()


async def settle(store: Store) -> None:
    async with store.unit() as unit:
        await unit.rooms.add(a_room())
        for user in (alice(), bob()):
            await unit.users.add(user, "hash")
            await unit.memberships.add(a_membership(a_room(), user))


async def post(store: Store, key: str) -> Message:
    async with store.unit() as unit:
        stored = await store_posts(
            unit, {a_room().id: [Post(alice(), key, key)]}, at(0), some_repeated=True
        )
    [outcome] = stored[a_room().id].outcomes
    assert isinstance(outcome, Posted)
    return outcome.message


async def the_log(store: Store) -> list[Message]:
    async with store.view() as view:
        return await view.log.replay(a_room().id, 0, limit=10**6)


async def test_nodes_that_post_into_one_room_number_it_without_gap_or_repetition(
    url: str, driver: DriverName
) -> None:
    async with opened(url, driver) as one, opened(url, driver) as other:
        await settle(one)

        async def post_many(task: int) -> list[Message]:
            keys = [f"shared {n}" if n % 5 == 0 else f"{task} {n}" for n in range(15)]
            return [await post((one, other)[task % 2], key) for key in keys]

        posted = await asyncio.gather(*(post_many(task) for task in range(8)))

        log = await the_log(one)
        assert [message.seq for message in log] == list(range(1, 8 * 12 + 3 + 1))
        answers = {(message.key, message.seq) for own in posted for message in own}
        assert answers == {(message.key, message.seq) for message in log}


async def test_a_unit_that_began_with_a_lock_never_learns_of_a_conflict(
    url: str, driver: DriverName
) -> None:
    """Somebody writes the room after we have looked and before we lock: a conflict for sure."""
    async with opened(url, driver) as one, opened(url, driver) as other:
        await settle(one)

        async with one.unit() as unit:
            # The look fixes the moment of the transaction; it is the same when asked again.
            assert await unit.users.get(alice().id) == alice()
            await post(other, "first")
            room = await unit.rooms.lock(a_room().id)
            await unit.log.append(numbered(room, a_post(alice())))
            await unit.rooms.save(room)

        assert [message.seq for message in await the_log(one)] == [1, 2]


async def test_a_look_that_would_be_another_now_is_unavailable_not_wrong(
    url: str, driver: DriverName
) -> None:
    async with opened(url, driver) as one, opened(url, driver) as other:
        await settle(one)

        async def look_then_lock() -> None:
            async with one.unit() as unit:
                assert await unit.rooms.heads([a_room().id]) == {a_room().id: 0}
                await post(other, "first")
                await unit.rooms.lock(a_room().id)

        with pytest.raises(StoreUnavailable) as unavailable:
            await look_then_lock()

        assert unavailable.value.temporary
        await post(one, "second")
        assert len(await the_log(other)) == 2


async def test_a_name_that_was_taken_since_the_look_is_taken(url: str, driver: DriverName) -> None:
    async with opened(url, driver) as one, opened(url, driver) as other:
        async with one.unit() as unit:
            assert await unit.users.find_by_name("bob") is None
            async with other.unit() as theirs:
                await theirs.users.add(a_user("carol"), "hash")
            with pytest.raises(UsernameTaken):
                await unit.users.add(a_user("Carol"), "hash")
            await unit.users.add(bob(), "hash")

        async with one.view() as view:
            assert [user.username.value for user in await view.users.search("", limit=9)] == [
                "bob",
                "carol",
            ]


async def test_a_key_that_was_used_since_the_look_calls_for_another_look(
    url: str, driver: DriverName
) -> None:
    async with opened(url, driver) as one, opened(url, driver) as other:
        await settle(one)
        hall = a_room("hall")
        async with one.unit() as unit:
            await unit.rooms.add(hall)

        async def post_late() -> None:
            async with one.unit() as unit:
                room = await unit.rooms.lock(hall.id)
                assert await unit.log.find_by_keys([(alice().id, "k")]) == {}
                await post(other, "k")
                await unit.log.append(numbered(room, a_post(alice(), key="k")))

        with pytest.raises(KeyTaken):
            await post_late()

        async with one.view() as view:
            assert await view.log.replay(hall.id, 0, limit=9) == []


async def test_two_units_that_lock_two_rooms_in_opposite_order_do_not_wait_for_ever(
    url: str, driver: DriverName
) -> None:
    async with opened(url, driver, timeout=0.3) as store:
        hall = a_room("hall")
        async with store.unit() as unit:
            await unit.rooms.add(a_room())
            await unit.rooms.add(hall)
        both = asyncio.Barrier(2)

        async def lock(first: str, second: str) -> None:
            async with store.unit() as unit:
                await unit.rooms.lock(a_room(first).id)
                await both.wait()
                await unit.rooms.lock(a_room(second).id)

        locks = (lock("garden", "hall"), lock("hall", "garden"))
        results = await asyncio.gather(*locks, return_exceptions=True)

        assert any(isinstance(result, StoreUnavailable) for result in results)
        await asyncio.gather(lock_alone(store, "garden"), lock_alone(store, "hall"))


async def test_a_room_that_is_not_there_may_be_asked_for_twice(
    url: str, driver: DriverName
) -> None:
    async with opened(url, driver, timeout=0.5) as store, store.unit() as unit:
        for _ in range(2):
            with pytest.raises(RoomNotFound):
                await unit.rooms.lock(a_room().id)
        with pytest.raises(UserNotFound):
            await unit.users.claim_site(alice().id)
        assert not await unit.users.is_site_claimed()


async def lock_alone(store: Store, name: str) -> None:
    async with store.unit() as unit:
        await unit.rooms.lock(a_room(name).id)


async def test_units_cancelled_again_and_again_leave_nothing_running(
    url: str, driver: DriverName, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(url, driver) as store:
        await settle(store)

        async def look() -> None:
            async with store.view() as view:
                await view.log.replay(a_room().id, 0, limit=9)

        before = asyncio.all_tasks()
        for moment in range(30):
            tasks = [
                asyncio.create_task(call)
                for call in (post(store, f"{moment} a"), post(store, f"{moment} b"), look())
            ]
            await asyncio.wait(tasks, timeout=moment / 4000)
            for _ in range(3):
                for task in tasks:
                    task.cancel()
                await asyncio.sleep(0)
            await asyncio.gather(*tasks, return_exceptions=True)
        await post(store, "last")

        log = await the_log(store)
        assert [message.seq for message in log] == list(range(1, len(log) + 1))
        assert asyncio.all_tasks() <= before
        open_transactions = shared_client().admin.command("serverStatus")["transactions"]
        assert open_transactions["currentOpen"] == 0
        assert caplog.text == ""


@pytest.mark.parametrize("is_busy", [False, True], ids=["between two calls", "in a call"])
async def test_closing_the_store_ends_the_units_that_are_under_way(
    url: str, driver: DriverName, is_busy: bool
) -> None:
    """Nobody else could: to the server they would be under way for another minute."""
    locked, closed = asyncio.Event(), asyncio.Event()

    async def lock_and_go_on(store: Store) -> None:
        async with store.unit() as unit:
            room = await unit.rooms.lock(a_room().id)
            locked.set()
            if not is_busy:
                await closed.wait()
            for seq in range(1, 10**6):
                await unit.log.append(numbered(room, a_post(alice(), key=str(seq))))

    async with opened(url, driver) as other:
        await settle(other)
        async with opened(url, driver) as store:
            unit = asyncio.create_task(lock_and_go_on(store))
            await locked.wait()
        closed.set()
        with pytest.raises(StoreUnavailable):
            await unit

        open_transactions = shared_client().admin.command("serverStatus")["transactions"]
        assert open_transactions["currentOpen"] == 0
        assert (await post(other, "after")).seq == 1


async def test_nothing_acknowledged_is_lost_when_the_server_is_killed_and_the_store_heals(
    server: MongoServer, driver: DriverName
) -> None:
    acknowledged: dict[str, int] = {}
    stop = asyncio.Event()

    async def post_on(task: int, store: Store) -> None:
        for n in range(10**6):
            if stop.is_set():
                return
            with contextlib.suppress(StoreUnavailable):
                message = await post(store, f"{task} {n}")
                acknowledged[f"{task} {n}"] = message.seq

    async with opened(server.url(), driver, timeout=1) as store:
        await settle(store)
        posting = [asyncio.create_task(post_on(task, store)) for task in range(4)]
        await _until(lambda: len(acknowledged) > 30)
        server.kill()
        before = len(acknowledged)
        await asyncio.sleep(0.1)
        server.start()
        await _until(lambda: len(acknowledged) > before + 30)
        stop.set()
        await asyncio.gather(*posting)
        log = await the_log(store)

    stored = {message.key: message.seq for message in log}
    assert [message.seq for message in log] == list(range(1, len(log) + 1))
    assert len(stored) == len(log)
    assert acknowledged.items() <= stored.items()


async def test_what_a_node_had_locked_when_it_died_is_free_soon(
    url: str, driver: DriverName
) -> None:
    """MongoDB itself would wait for it for a minute. If it was not dead, it learns its mistake."""
    locked, wakes = asyncio.Event(), asyncio.Event()

    async def fall_silent(store: Store) -> None:
        async with store.unit() as unit:
            await unit.rooms.lock(a_room().id)
            locked.set()
            await wakes.wait()
            await unit.rooms.lock(a_room().id)

    async with opened(url, driver) as silent, opened(url, driver) as store:
        await settle(store)
        asleep = asyncio.create_task(fall_silent(silent))
        await locked.wait()

        async with asyncio.timeout(4.5):
            posted = await post(store, "after")

        wakes.set()
        with pytest.raises(StoreUnavailable):
            await asleep
        assert [each.seq for each in await the_log(store)] == [posted.seq]


async def test_a_server_that_does_not_answer_is_waited_for_in_bounds(
    server: MongoServer, driver: DriverName
) -> None:
    async def post_into_the_frozen(store: Store) -> None:
        """Leaves a transaction open at the server, with the room locked."""
        async with store.unit() as unit:
            room = await unit.rooms.lock(a_room().id)
            server.freeze()
            await unit.log.append(numbered(room, a_post(alice())))

    async with opened(server.url(), driver, timeout=0.5) as store:
        await settle(store)
        began = time.monotonic()
        for call in (post_into_the_frozen(store), store.check(), the_log(store)):
            with pytest.raises(StoreUnavailable):
                await call
        assert time.monotonic() - began < 5
        server.thaw()

        await _until_answered(store)
        began = time.monotonic()
        assert (await _posted_at_last(store)).seq == 1
        assert time.monotonic() - began < 5  # A minute, if that transaction stayed open.


async def _until_answered(store: Store) -> None:
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(StoreUnavailable):
                return await store.check()


async def _posted_at_last(store: Store) -> Message:
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(StoreUnavailable):
                return await post(store, "at last")


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110  Nobody else knows when.
            await asyncio.sleep(0.01)
