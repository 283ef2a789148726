"""What each part does alone, while Redis is away."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator

import pytest

from adapters.notifier.redis import outgoing
from adapters.notifier.redis.notifier import RedisNotifier
from adapters.persistence.memory.presence_board import MemoryPresenceBoard
from adapters.persistence.memory.rate_limits import MemoryRateLimits
from adapters.persistence.redis.presence_board import RedisPresenceBoard
from adapters.persistence.redis.rate_limits import RedisRateLimits
from adapters.redis.link import RedisLink
from application.ports.rate_limits import Action
from besedka_contracts.moved_clock import MovedClock
from besedka_contracts.notifier import TOLD_TO_ALL, Ear, said
from domain.errors import RateLimited
from domain.ids import ConnectionId
from tests.cast import a_room, alice
from tests.integration.ws.server import eventually
from tests.servers.valkey import ValkeyServer, fresh_prefix

ONE = ConnectionId("one")


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    server = ValkeyServer()
    server.start()
    yield server
    server.close()


@pytest.fixture
async def link(server: ValkeyServer) -> AsyncIterator[RedisLink]:
    link = RedisLink(server.url(), prefix=fresh_prefix(), timeout=0.5)
    await link.open()
    yield link
    await link.close()


@pytest.fixture
async def away(server: ValkeyServer, link: RedisLink) -> AsyncIterator[RedisLink]:
    server.kill()
    link.lose(ConnectionError("killed"))
    yield link
    server.start()


async def kept(link: RedisLink) -> list[bytes]:
    """The keys that there are, but that of the probe, which comes and goes."""
    keys = await link.ask("KEYS", link.key("*"))
    return sorted(key for key in keys if not key.endswith(b"probe"))


async def test_limits_hold_on_each_node(away: RedisLink) -> None:
    bounds = {Action.POST: (1.0, 2)}
    limits = RedisRateLimits(away, bounds, MemoryRateLimits(MovedClock(), bounds))

    await limits.require(Action.POST, "alice")
    await limits.require(Action.POST, "alice")

    with pytest.raises(RateLimited):
        await limits.require(Action.POST, "alice")


async def test_presence_is_that_of_this_node_and_says_so(away: RedisLink) -> None:
    board = RedisPresenceBoard(away, "one", 30, MemoryPresenceBoard())

    assert await board.connect(alice().id, ONE)
    await board.enter(a_room().id, alice().id, ONE)

    assert not board.sees_all
    assert await board.online([alice().id]) == {alice().id}
    assert await board.is_present(a_room().id, alice().id)
    assert await board.disconnect(alice().id, ONE)


async def test_presence_is_written_anew_where_redis_was_restarted_empty(
    link: RedisLink, server: ValkeyServer
) -> None:
    boards = [RedisPresenceBoard(link, name, 30, MemoryPresenceBoard()) for name in "ab"]
    for board in boards:
        await board.open()
    await boards[0].connect(alice().id, ONE)
    await boards[0].enter(a_room().id, alice().id, ONE)

    await link.ask("FLUSHALL")  # Nobody has noticed: it was too quick.
    assert await boards[1].online([alice().id]) == frozenset()
    await boards[0].contribution.renew()

    assert await boards[1].online([alice().id]) == {alice().id}
    assert await boards[1].is_present(a_room().id, alice().id)
    for board in boards:
        await board.close()
    assert await kept(link) == []


async def test_keys_disappear_with_what_they_were_about(link: RedisLink) -> None:
    board = RedisPresenceBoard(link, "one", 30, MemoryPresenceBoard())
    await board.open()
    before = await kept(link)
    for number in range(50):
        connection = ConnectionId(f"{number}")
        await board.connect(alice().id, connection)
        await board.enter(a_room().id, alice().id, connection)
        await board.disconnect(alice().id, connection)

    assert await kept(link) == before
    members = [
        await link.ask("SCARD", link.key("node", "one", which)) for which in ("people", "rooms")
    ]
    assert members == [1, 1]
    await board.close()


async def test_publishing_goes_on_and_what_is_dropped_is_counted(
    away: RedisLink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(outgoing, "LONGEST", 100)
    notifier = RedisNotifier(away, "one", lambda: "life")
    await notifier.open()
    ear = Ear(notifier)

    with caplog.at_level(logging.WARNING):
        for _ in range(150):
            notifier.publish(said())
            notifier.publish(TOLD_TO_ALL[0])

    assert ear.heard.count(said()) == 150
    assert notifier.outgoing.dropped == 150 + 50
    assert len([record for record in caplog.records if "are dropped" in record.message]) == 1
    await notifier.close()


async def test_an_event_that_cannot_be_written_does_not_hold_up_the_rest(link: RedisLink) -> None:
    here, there = (RedisNotifier(link, name, lambda: "life") for name in ("here", "there"))
    for notifier in (here, there):
        await notifier.open()
    ear = Ear(there)
    await ear.until(lambda heard: len(heard) > 0)

    here.outgoing.put("no event")  # type: ignore[arg-type]  # That is the point.
    here.publish(TOLD_TO_ALL[0])

    await ear.hears(TOLD_TO_ALL[0])
    assert here.outgoing.dropped == 1
    for notifier in (here, there):
        await notifier.close()


async def test_a_redis_that_hangs_costs_one_wait_and_not_one_for_each(
    link: RedisLink, server: ValkeyServer
) -> None:
    board = RedisPresenceBoard(link, "one", 30, MemoryPresenceBoard())
    loop = asyncio.get_running_loop()
    server.freeze()
    try:
        started = loop.time()
        await asyncio.gather(*(board.online([f"{number}"]) for number in range(200)))
        await board.online(["once more"])
        waited = loop.time() - started
    finally:
        server.thaw()

    assert 0.4 < waited < 5
    assert link.outages == 1
    await eventually(lambda: not link.is_away)


async def test_a_redis_that_answers_and_fails_again_is_not_asked_without_end(
    link: RedisLink,
) -> None:
    looks = 0

    async def fail_again() -> None:
        nonlocal looks
        looks += 1
        link.lose(ConnectionError("it lets nobody listen"))

    link.on_return(fail_again)
    link.lose(ConnectionError("it lets nobody listen"))
    await asyncio.sleep(1.0)  # In which it would be asked many times.

    assert 1 <= looks <= 6
