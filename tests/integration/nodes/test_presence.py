"""Who is here, over both nodes: once per person, and as long as a node lives."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

import application.housekeeping
from adapters.persistence.redis import presence_board
from application.use_cases.settle_presence import SettlePresence
from domain.ids import RoomId
from tests.integration.nodes.site import Site, a_node, two_nodes
from tests.integration.ws.server import Person, eventually
from tests.servers import valkey
from tests.servers.valkey import ValkeyServer, fresh_prefix
from tests.wire_client import WireClient

SRC = Path(__file__).parents[3] / "src"


def told(client: WireClient, room_id: RoomId) -> list[str]:
    """Who came and went, as the room's log tells it."""
    return [
        message["kind"]
        for message in client.reader.applied.get(room_id, [])
        if message["kind"] in {"arrived", "departed"} and message["author"]["username"] == "bob"
    ]


async def test_tabs_on_two_nodes_are_one_person(
    site: Site, alice: Person, bob: Person, garden: RoomId
) -> None:
    alices = await alice.client()
    tabs = [await bob.client(), await Person(site.one, bob.user, bob.secret).client()]
    await site.followed(garden)
    for tab in tabs:
        await tab.ask("open", room=garden)
    await alices.await_message(kind="arrived")
    assert (await alices.await_push("presence"))["online"] is True

    await tabs[0].close()
    await alice.says(garden, "he is still here")
    await alices.await_message("he is still here")
    boards = [server.kit.container.board() for server in (site.one, site.other)]
    assert [await board.online([bob.user.id]) for board in boards] == [{bob.user.id}] * 2
    assert told(alices, garden) == ["arrived"]
    await tabs[1].close()

    await alices.await_message(kind="departed")
    assert (await alices.await_push("presence"))["online"] is False
    assert told(alices, garden) == ["arrived", "departed"]


async def test_settling_asks_all_nodes(
    site: Site, alice: Person, bob: Person, garden: RoomId
) -> None:
    bobs = await bob.client()
    await bobs.ask("open", room=garden)

    assert await site.one.kit.container.settle_presence()()

    async with site.one.kit.container.store().view() as view:
        membership = await view.memberships.find(garden, bob.user.id)
    assert membership
    assert membership.present


async def test_nobody_is_settled_or_told_to_have_gone_while_redis_is_away(
    database_url: str, own_redis: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.attendance.BLIND_PAUSE", 0.1)
    monkeypatch.setattr(presence_board, "RETURNING", 1.0)
    async with two_nodes(database_url, own_redis.url()) as site:
        alice, bob = await site.one.person("alice"), await site.one.person("bob")
        garden = await site.one.kit.room(alice.user, "garden", bob.user)
        alices = await alice.client()
        tabs = [await bob.client(), await site.at_other(bob).client()]
        for tab in tabs:
            await tab.ask("open", room=garden)
        own_redis.kill()
        await eventually(lambda: site.one.kit.container.redis().is_away)
        settle: SettlePresence = site.one.kit.container.settle_presence()

        assert await settle() is False
        await tabs[0].close()
        await asyncio.sleep(0.5)  # Longer than the grace: nobody may say now that he has gone.
        own_redis.start()
        board = site.one.kit.container.board()
        await eventually(lambda: board.sees_all)
        await asyncio.sleep(0.3)  # And when everybody can, he is seen.

        assert "departed" not in told(alices, garden)
        await tabs[1].close()
        await alices.await_message(kind="departed")
        assert told(alices, garden) == ["arrived", "departed"]


@asynccontextmanager
async def a_process(database_url: str, prefix: str) -> AsyncIterator[tuple[str, int]]:
    """A node of its own: its address and its pid."""
    environ = {
        **os.environ,
        "PYTHONPATH": str(SRC),
        "DATABASE_URL": database_url,
        "REDIS_URL": valkey.shared_server_url(),
        "BESEDKA_REDIS__PREFIX": prefix,
        "BESEDKA_REDIS__LEASE_SECONDS": "1",
        "BESEDKA_PORT": "0",
        "BESEDKA_LOG_FORMAT": "text",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bootstrap", "serve"),
        env=environ,
        cwd=SRC,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    try:
        async with asyncio.timeout(30):
            async for line in process.stdout:
                if b"ready at" in line:
                    address = line.split(b"ready at")[1].split()[0].decode()
                    break
        yield address, process.pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def test_people_on_a_killed_node_are_told_to_have_gone(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application.housekeeping, "WATCH", 0.2)
    prefix = fresh_prefix()
    async with (
        a_node(database_url, valkey.shared_server_url(), prefix=prefix, lease=1) as node,
        a_process(database_url, prefix) as (address, pid),
    ):
        alice, bob = await node.person("alice"), await node.person("bob")
        carol = await node.person("carol")
        garden = await node.kit.room(alice.user, "garden", bob.user, carol.user)
        alices = await alice.client()
        for person in (bob, carol):
            client = await WireClient.connect(address, person.secret)
            node.clients.append(client)
            await client.hello()
            await client.ask("open", room=garden)
        stays = await carol.client()  # She is here, too.
        await stays.ask("open", room=garden)
        await alices.until(lambda: told(alices, garden) == ["arrived"])

        os.kill(pid, signal.SIGKILL)

        async with asyncio.timeout(5):
            gone = await alices.await_push("presence", lambda push: not push["online"])
            await alices.until(lambda: told(alices, garden) == ["arrived", "departed"])
        assert gone["user"]["username"] == "bob"
        board = node.kit.container.board()
        assert board.buried == 1
        assert await board.online([bob.user.id, carol.user.id]) == {carol.user.id}
        assert await board.is_present(garden, carol.user.id)


async def test_a_node_that_was_taken_for_dead_and_is_not_says_so(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application.housekeeping, "WATCH", 0.1)
    async with two_nodes(database_url, valkey.shared_server_url(), lease=1) as site:
        alice, bob = await site.one.person("alice"), await site.one.person("bob")
        garden = await site.one.kit.room(alice.user, "garden", bob.user)
        alices, bobs = await alice.client(), await site.at_other(bob).client()
        await bobs.ask("open", room=garden)
        await alices.await_push("presence", lambda push: push["online"])
        contribution = site.other.kit.container.board().contribution

        async with contribution._writing:  # As a process that is stopped for a while.
            await alices.await_push("presence", lambda push: not push["online"])
            await alices.until(lambda: told(alices, garden) == ["arrived", "departed"])

        await alices.await_push("presence", lambda push: push["online"])
        await alices.until(lambda: told(alices, garden) == ["arrived", "departed", "arrived"])
        assert await site.one.kit.container.board().online([bob.user.id]) == {bob.user.id}


async def test_a_node_that_stops_leaves_nobody_behind(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application.housekeeping, "WATCH", 0.2)
    monkeypatch.setattr("adapters.persistence.redis.contribution.LEAVING", 1.0)
    prefix, redis = fresh_prefix(), valkey.shared_server_url()
    async with a_node(database_url, redis, prefix=prefix) as one:
        alice, bob = await one.person("alice"), await one.person("bob")
        garden = await one.kit.room(alice.user, "garden", bob.user)
        alices = await alice.client()
        async with a_node(database_url, redis, prefix=prefix) as other:
            bobs = await Person(other, bob.user, bob.secret).client()
            await bobs.ask("open", room=garden)
            await alices.await_message(kind="arrived")
            one.clients.append(other.clients.pop())  # So that the node stops before he leaves.

        assert await one.kit.container.board().online([bob.user.id]) == {bob.user.id}
        await alices.await_message(kind="departed")
        assert (await alices.await_push("presence", lambda push: not push["online"]))["user"]
