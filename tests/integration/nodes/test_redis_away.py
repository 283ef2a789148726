"""Redis is killed, restarted empty or hangs: messages cross the nodes all the same, only slower,
and when it is back all is as before, without a restart."""

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest

from domain.errors import NotSignedIn
from domain.ids import RoomId
from tests.integration.nodes.site import Site, notifier_of, two_nodes
from tests.integration.ws.server import Person, Server, eventually
from tests.servers.valkey import ValkeyServer
from tests.wire_client import WireClient

BY_BEACON, CONVERGED, AT_ONCE = 3.0, 5.0, 1.0


@pytest.fixture
async def site(database_url: str, own_redis: ValkeyServer) -> AsyncIterator[Site]:
    async with two_nodes(database_url, own_redis.url()) as site:
        yield site


@pytest.fixture
async def talk(
    site: Site, alice: Person, bob: Person, garden: RoomId
) -> tuple[WireClient, WireClient]:
    clients = await alice.client(), await bob.client()
    await site.followed(garden)
    return clients


async def readiness(server: Server) -> tuple[int, object]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{server.address}/readyz") as answer,
    ):
        return answer.status, await answer.json()


async def linked(site: Site) -> None:
    for server in (site.one, site.other):
        link = server.kit.container.redis()
        await eventually(lambda link=link: not link.is_away)


async def returned(site: Site, garden: RoomId) -> None:
    await linked(site)
    await site.followed(garden)


async def test_killed_and_restarted_empty(
    site: Site,
    own_redis: ValkeyServer,
    alice: Person,
    bob: Person,
    garden: RoomId,
    talk: tuple[WireClient, WireClient],
) -> None:
    alices, bobs = talk
    await alices.ask("open", room=garden)
    await bobs.ask("open", room=garden)

    own_redis.kill()
    async with asyncio.timeout(BY_BEACON):
        await alices.ask("post", room=garden, key="away", text="away")
        await bobs.await_message("away")
    assert await readiness(site.one) == (200, {"status": "ok", "redis": "unavailable"})
    own_redis.start()

    async with asyncio.timeout(CONVERGED):
        await returned(site, garden)
    assert await readiness(site.one) == (200, {"status": "ok"})
    for number in range(5):
        async with asyncio.timeout(AT_ONCE + 2 * (number == 0)):
            await alices.ask("post", room=garden, key=f"back {number}", text=f"back {number}")
            await bobs.await_message(f"back {number}")
    for server in (site.one, site.other):
        board = server.kit.container.board()
        assert await board.online([alice.user.id, bob.user.id]) == {alice.user.id, bob.user.id}
        assert await board.is_present(garden, alice.user.id)
        assert await board.is_present(garden, bob.user.id)
    assert bobs.reader.jumps == alices.reader.jumps == []


async def test_who_was_online_elsewhere_stays_so_until_it_is_known_better(
    site: Site, own_redis: ValkeyServer, garden: RoomId, talk: tuple[WireClient, WireClient]
) -> None:
    """Bob is on the other node, and a page that is loaded now shows him as it did before."""
    alices, bobs = talk

    async def online() -> set[str]:
        opened = await alices.ask("open", room=garden)
        return {each["username"] for each in opened["members"] if each["online"]}

    assert await online() == {"alice", "bob"}
    own_redis.kill()
    await eventually(lambda: site.one.kit.container.redis().is_away)
    assert await online() == {"alice", "bob"}

    await bobs.close()
    assert await online() == {"alice", "bob"}
    own_redis.start()
    await linked(site)
    # All nodes have to be back before anybody is told to have gone.
    await alices.until(
        lambda: any(not push["online"] for push in alices.pushes("presence")), within=45
    )

    assert await online() == {"alice"}


async def test_hanging_for_some_seconds(
    site: Site,
    own_redis: ValkeyServer,
    alice: Person,
    garden: RoomId,
    talk: tuple[WireClient, WireClient],
) -> None:
    alices, bobs = talk
    own_redis.freeze()
    try:
        waits = []
        for number in range(10):
            started = time.monotonic()
            await alices.ask("post", room=garden, key=f"{number}", text=f"{number}")
            waits.append(time.monotonic() - started)
            await asyncio.sleep(0.5)  # So long does it hang: that is what the test is about.
        async with asyncio.timeout(BY_BEACON):
            await bobs.await_message("9")
    finally:
        own_redis.thaw()

    async with asyncio.timeout(CONVERGED):
        await returned(site, garden)
    assert sum(wait > 0.9 for wait in waits) <= 1
    assert sorted(bobs.reader.texts(garden), key=int) == [f"{number}" for number in range(10)]
    assert bobs.reader.jumps == []


async def test_what_was_told_of_people_meanwhile_is_made_good(
    site: Site,
    own_redis: ValkeyServer,
    alice: Person,
    bob: Person,
    garden: RoomId,
    talk: tuple[WireClient, WireClient],
) -> None:
    _, bobs = talk
    second = await bob.client()
    own_redis.kill()
    link = site.one.kit.container.redis()
    await eventually(lambda: link.is_away)
    hall = await site.one.kit.room(alice.user, "hall", bob.user)
    await alice.says(hall, "in the hall")
    yard = await site.one.kit.room(alice.user, "yard", bob.user)
    notifier_of(site.one).outgoing._waiting.clear()  # Even if all of it was lost.
    own_redis.start()

    async with asyncio.timeout(CONVERGED):
        for room_id in (hall, yard):
            push = await bobs.await_push(
                "room", lambda push, wanted=room_id: push["room"]["id"] == wanted
            )
            assert push["room"]["role"] == "member"
            await second.await_push(
                "room", lambda push, wanted=room_id: push["room"]["id"] == wanted
            )
    await returned(site, hall)
    await alice.says(hall, "and now")
    await second.await_message("and now")


async def test_a_session_that_ends_meanwhile_closes_its_sockets_on_the_other_node(
    site: Site,
    own_redis: ValkeyServer,
    bob: Person,
    talk: tuple[WireClient, WireClient],
) -> None:
    _, bobs = talk
    own_redis.kill()
    await eventually(lambda: site.one.kit.container.redis().is_away)
    identity = await site.one.kit.chat.authenticate(bob.secret)
    await site.one.kit.chat.end_sessions(bob.user, session_id=identity.session.id)

    try:
        assert await bobs.closed(within=CONVERGED) == 4001
        with pytest.raises(NotSignedIn):
            await site.other.kit.chat.authenticate(bob.secret)
    finally:
        own_redis.start()


async def test_what_waits_for_redis_is_told_when_it_is_back(
    site: Site,
    own_redis: ValkeyServer,
    alice: Person,
    bob: Person,
    garden: RoomId,
    talk: tuple[WireClient, WireClient],
) -> None:
    alices, bobs = talk
    bobs_phone = await Person(site.one, bob.user, bob.secret).client()
    own_redis.kill()
    for server in (site.one, site.other):
        await eventually(lambda server=server: server.kit.container.redis().is_away)
    await alices.ask("post", room=garden, key="1", text="read this")
    await bobs.await_message("read this")
    await bobs.ask("read", room=garden, seq=3)
    own_redis.start()

    async with asyncio.timeout(CONVERGED):
        assert (await bobs_phone.await_push("read"))["read"] == 3
