"""What happens on one node is seen on the other, at once."""

import asyncio

import pytest
from redis.asyncio.connection import AbstractConnection

from domain.errors import RateLimited
from domain.ids import RoomId
from tests.integration.nodes.site import Site, notifier_of, two_nodes
from tests.integration.ws.server import Person
from tests.servers import valkey
from tests.wire_client import WireClient

AT_ONCE = 1.0  # Seconds: well below the beacon's two.


async def pair(site: Site, alice: Person, bob: Person, garden: RoomId) -> tuple[WireClient, ...]:
    clients = (await alice.client(), await bob.client())
    await site.followed(garden)
    return clients


async def test_messages_arrive_on_both_nodes_in_one_order(
    site: Site, alice: Person, bob: Person, garden: RoomId
) -> None:
    alices, bobs = await pair(site, alice, bob, garden)

    async def talk(client: WireClient, name: str) -> None:
        for number in range(60):
            key = f"{name}-{number}"
            await client.ask("post", room=garden, key=key, text=key)

    await asyncio.gather(talk(alices, "a"), talk(alices, "b"), talk(bobs, "c"), talk(bobs, "d"))
    head = 2 + 240

    for client in (alices, bobs):
        await client.await_seq(garden, head)
        assert client.reader.jumps == []
        assert client.reader.seqs(garden) == list(range(3, head + 1))
    assert alices.reader.texts(garden) == bobs.reader.texts(garden)


async def test_a_message_is_pushed_and_not_only_found(
    site: Site, alice: Person, bob: Person, garden: RoomId
) -> None:
    """The beacon would not find each of twenty within half of its time."""
    _, bobs = await pair(site, alice, bob, garden)

    for number in range(20):
        await alice.says(garden, f"{number}")
        async with asyncio.timeout(AT_ONCE):
            await bobs.await_message(f"{number}")


async def test_a_message_that_was_said_before_the_room_was_followed_is_not_missed(
    site: Site, alice: Person, bob: Person, garden: RoomId, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming, may_ask = notifier_of(site.other)._incoming, asyncio.Event()
    ask = incoming._ask_for_changes

    async def ask_late(connection: AbstractConnection) -> None:
        await may_ask.wait()
        await ask(connection)

    monkeypatch.setattr(incoming, "_ask_for_changes", ask_late)
    bobs = await bob.client()
    await alice.says(garden, "nobody is told")
    may_ask.set()

    async with asyncio.timeout(AT_ONCE):
        await bobs.await_message("nobody is told")


async def test_who_is_added_on_another_node_hears_the_room_at_once(
    site: Site, alice: Person, bob: Person
) -> None:
    bobs = await bob.client()

    async with asyncio.timeout(AT_ONCE):
        hall = await site.one.kit.room(alice.user, "hall", bob.user, visibility="private")
        assert (await bobs.await_push("room"))["room"]["id"] == hall
        await alice.says(hall, "welcome")
        await bobs.await_message("welcome")

    assert bobs.reader.jumps == []


async def test_whoever_is_removed_hears_nothing_later(
    site: Site, alice: Person, bob: Person, garden: RoomId
) -> None:
    _, bobs = await pair(site, alice, bob, garden)

    async with asyncio.timeout(AT_ONCE):
        await site.one.kit.chat.remove_member(alice.user, room_id=garden, username="bob")
        await alice.says(garden, "now that he has gone")
        gone = await bobs.await_push("room_gone")

    assert gone["reason"] == "removed"
    await bobs.ask("ping")
    assert bobs.reader.texts(garden) == []


async def test_signing_out_closes_sockets_on_the_other_node(
    site: Site, alice: Person, bob: Person
) -> None:
    bobs = await bob.client()
    identity = await site.one.kit.chat.authenticate(bob.secret)

    async with asyncio.timeout(AT_ONCE):
        await site.one.kit.chat.end_sessions(bob.user, session_id=identity.session.id)
        await bobs.closed()

    assert bobs.close_code == 4001


async def test_an_archived_room_is_gone_on_the_other_node(
    site: Site, alice: Person, bob: Person, garden: RoomId
) -> None:
    _, bobs = await pair(site, alice, bob, garden)

    async with asyncio.timeout(AT_ONCE):
        await site.one.kit.chat.archive_room(alice.user, room_id=garden)
        assert (await bobs.await_push("room_gone"))["reason"] == "archived"


async def test_reading_typing_and_names_cross_the_nodes(
    site: Site, alice: Person, bob: Person, garden: RoomId
) -> None:
    alices, bobs = await pair(site, alice, bob, garden)
    bobs_phone = await Person(site.one, bob.user, bob.secret).client()
    await alice.says(garden, "read this")

    async with asyncio.timeout(AT_ONCE):
        await bobs.await_message("read this")
        await bobs.ask("read", room=garden, seq=3)
        read = await bobs_phone.await_push("read")
        await bobs.tell("typing", room=garden)
        typing = await alices.await_push("typing")
        await site.other.kit.chat.change_display_name(bob.user, display_name="Robert")
        renamed = await alices.await_push("person")

    assert (read["read"], read["unread"]) == (3, 0)
    assert typing["user"]["username"] == "bob"
    assert renamed["user"]["display_name"] == "Robert"


async def test_limits_hold_over_the_nodes(database_url: str) -> None:
    limits = {"posts_per_second": 0.001, "post_burst": 4}
    async with two_nodes(database_url, valkey.shared_server_url(), limits=limits) as site:
        alice = await site.one.person("alice")
        garden = await site.one.kit.room(alice.user, "garden")
        for number in range(4):
            await site.at_other(alice).says(garden, f"{number}")

        with pytest.raises(RateLimited):
            await alice.says(garden, "one too many")
