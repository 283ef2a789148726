"""Each number moves when what it counts happens, through real sockets."""

import asyncio
import time
from contextlib import suppress

import aiohttp
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from bootstrap import VERSION
from domain.errors import StoreUnavailable
from domain.ids import RoomId
from tests.integration.metrics.numbers import scraped
from tests.integration.ws.raw_socket import TEXT, RawSocket
from tests.integration.ws.server import Person, Server, eventually

HELLO = b'{"id": 1, "type": "hello"}'


async def test_a_post_is_counted_on_its_way_to_its_readers(
    server: Server, alice: Person, bob: Person, garden: RoomId
) -> None:
    writing, reading = await alice.client(), await bob.client()
    before = await scraped(server.address)

    await writing.ask("post", room=garden, key="1", text="hello")
    await reading.await_message("hello")
    after = await scraped(server.address)

    changes = {name: after[name] - before[name] for name in before.samples()}
    assert after["besedka_connections"] == 2
    assert changes["besedka_posts_total"] == 1
    assert changes["besedka_deliveries_total"] == 2
    assert changes["besedka_batch_messages_count"] == changes["besedka_batch_messages_sum"] == 1
    assert changes['besedka_batch_messages_bucket{le="1.0"}'] == 1
    assert changes["besedka_commit_seconds_count"] == 1
    assert changes["besedka_fan_out_seconds_count"] == 1
    assert 0 < changes["besedka_commit_seconds_sum"] < 1
    assert 0 < changes["besedka_fan_out_seconds_sum"] < 1


async def test_what_is_not_posted_is_an_entry_but_no_post(
    server: Server, alice: Person, garden: RoomId
) -> None:
    await alice.client()
    before = await scraped(server.address)

    await server.kit.chat.set_topic(alice.user, room_id=garden, topic="roses")
    after = await scraped(server.address)

    assert after["besedka_posts_total"] == before["besedka_posts_total"]
    assert after["besedka_batch_messages_sum"] == before["besedka_batch_messages_sum"] + 1
    assert after["besedka_deliveries_total"] == before["besedka_deliveries_total"] + 1


async def test_a_reader_who_does_not_read_fills_the_outbox_and_is_sent_away(
    server: Server, alice: Person, bob: Person, garden: RoomId
) -> None:
    raw = await RawSocket.connect(server.port, bob.secret, receive_buffer=4096)
    raw.send(TEXT, HELLO)
    await raw.receive()
    raw.writer.transport.pause_reading()
    (connection,) = server.hub.switchboard.connections_of(bob.user.id)

    await eventually_unsent(server, alice, garden)
    filled = await scraped(server.address)
    while not connection.outbox._closed:
        await alice.says(garden, "x" * 8_000)
        await asyncio.sleep(0)
    emptied = await scraped(server.address)
    await raw.close()

    assert filled["besedka_outbox_bytes"] > 0
    assert filled['besedka_closes_total{code="4008"}'] == 0
    assert emptied['besedka_closes_total{code="4008"}'] == 1


async def eventually_unsent(server: Server, author: Person, room: RoomId) -> None:
    """Until the kernel takes no more for somebody."""
    while not server.gateway.unsent:
        await author.says(room, "x" * 8_000)
        await asyncio.sleep(0)


async def test_who_comes_back_is_replayed_or_reset_and_both_are_counted(
    server: Server, alice: Person, bob: Person, garden: RoomId
) -> None:
    epoch = server.kit.container.store().epoch
    await alice.says(garden, "while bob was away")

    nothing_missed = await bob.client({"epoch": epoch, "rooms": {garden: 3}})
    await nothing_missed.await_push("replay")
    little_missed = await bob.client({"epoch": epoch, "rooms": {garden: 2}})
    await little_missed.await_push("replay")
    another_life = await bob.client({"epoch": "another life", "rooms": {garden: 2}})
    await another_life.await_push("reset")
    numbers = await scraped(server.address)

    assert numbers["besedka_replays_total"] == 1
    assert numbers["besedka_resets_total"] == 1


async def test_a_healed_gap_is_counted(
    server: Server,
    alice: Person,
    bob: Person,
    garden: RoomId,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading = await bob.client()
    notifier = server.kit.container.bare_notifier()

    with monkeypatch.context() as deaf:
        deaf.setattr(notifier, "publish", lambda event: None)
        await alice.says(garden, "lost on its way")
    await alice.says(garden, "told")
    await reading.await_message("told")
    numbers = await scraped(server.address)

    assert reading.reader.texts(garden) == ["lost on its way", "told"]
    assert numbers["besedka_gaps_healed_total"] == 1


async def test_a_store_that_is_away_is_counted_and_so_is_one_that_is_broken(
    server: Server, alice: Person, garden: RoomId, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = server.kit.container.bare_store()

    for error in (StoreUnavailable("no route to host"), RuntimeError("out of order")):
        with monkeypatch.context() as away:

            def failing(error: Exception = error) -> None:
                raise error

            away.setattr(store, "unit", failing)
            with suppress(StoreUnavailable, RuntimeError):
                await alice.says(garden, "hello?")
    numbers = await scraped(server.address)

    assert numbers['besedka_store_errors_total{kind="unavailable"}'] == 1
    assert numbers['besedka_store_errors_total{kind="other"}'] == 1


async def test_a_loop_that_was_held_up_is_late(server: Server) -> None:
    slow = 'besedka_event_loop_lag_seconds_bucket{le="0.25"}'
    count = "besedka_event_loop_lag_seconds_count"
    before = await scraped(server.address)

    time.sleep(1.0)  # noqa: ASYNC251  # This is what it is about.
    samples = server.kit.container.instruments().event_loop_lag_seconds
    await eventually(lambda: samples._sum.get() > before["besedka_event_loop_lag_seconds_sum"])
    after = await scraped(server.address)

    late = (after[count] - after[slow]) - (before[count] - before[slow])
    assert late >= 1


async def test_connections_that_end_are_not_open(server: Server, alice: Person) -> None:
    client = await alice.client()
    await client.close()
    await eventually(lambda: server.gateway.count == 0)

    assert (await scraped(server.address))["besedka_connections"] == 0


async def test_version_and_database_are_told(server: Server) -> None:
    numbers = await scraped(server.address)

    assert numbers[f'besedka_build_info{{backend="memory",version="{VERSION}"}}'] == 1
    assert numbers["process_resident_memory_bytes"] > 0
    assert numbers['python_gc_collections_total{generation="0"}'] >= 0


async def test_nothing_that_names_anybody_is_told(
    server: Server, alice: Person, garden: RoomId
) -> None:
    await alice.client()
    await alice.says(garden, "hello")

    numbers = await scraped(server.address)

    ours = {name: each for name, each in numbers.metrics.items() if name.startswith("besedka_")}
    labels = {label for metric in ours.values() for each in metric.samples for label in each.labels}
    told = " ".join(numbers.samples())
    assert labels == {"backend", "version", "kind", "code", "le"}
    assert not [secret for secret in ("alice", "garden", garden, alice.user.id) if secret in told]


async def test_who_asks_for_openmetrics_gets_it(server: Server) -> None:
    accept = {"Accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}
    async with (
        aiohttp.ClientSession(headers=accept) as session,
        session.get(f"{server.address}/metrics") as answer,
    ):
        text = await answer.text()

    assert answer.content_type == "application/openmetrics-text"
    assert "besedka_posts" in {metric.name for metric in text_string_to_metric_families(text)}
