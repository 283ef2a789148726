"""Pushes that are lost, repeated, out of order or nonsense: the log settles what is so."""

import asyncio
import random
from collections.abc import Callable

import pytest

from adapters.notifier.redis.payload import encode
from adapters.redis.link import RedisLink
from application.use_cases.greet import Greet
from domain.events import Event, RoomAppended, RoomArchived
from domain.ids import RoomId
from domain.message import Kind
from tests.integration.nodes.site import Site, notifier_of
from tests.integration.ws.server import Person, eventually
from tests.wire_client import WireClient

BY_BEACON = 3.0

Lose = Callable[[Callable[[Event], bool]], None]


@pytest.fixture
def redis(site: Site) -> RedisLink:
    link = site.one.kit.container.redis()
    assert isinstance(link, RedisLink)
    return link


@pytest.fixture
def lose(site: Site, monkeypatch: pytest.MonkeyPatch) -> Lose:
    """Lets what the first node tells the other get lost, where the test says so."""
    outgoing = notifier_of(site.one).outgoing
    put = outgoing.put

    def lose(is_lost: Callable[[Event], bool]) -> None:
        def put_some(event: Event) -> None:
            if not is_lost(event):
                put(event)

        monkeypatch.setattr(outgoing, "put", put_some)

    return lose


@pytest.fixture
async def bobs(site: Site, alice: Person, bob: Person, garden: RoomId) -> WireClient:
    """Bob hears the garden by the other node, and alice by the first."""
    await alice.client()
    client = await bob.client()
    await site.followed(garden)
    return client


def healed(site: Site) -> int:
    return site.other.hub._healing.gaps


async def test_a_lost_push_is_healed_by_the_next(
    site: Site, alice: Person, garden: RoomId, bobs: WireClient, lose: Lose
) -> None:
    lose(lambda event: isinstance(event, RoomAppended) and event.messages[0].text == "lost")
    await alice.says(garden, "lost")
    before = healed(site)

    await alice.says(garden, "next")

    async with asyncio.timeout(1):
        await bobs.await_message("next")
    assert bobs.reader.texts(garden) == ["lost", "next"]
    assert healed(site) == before + 1


async def test_a_lost_last_push_is_healed_by_the_beacon(
    alice: Person, garden: RoomId, bobs: WireClient, lose: Lose
) -> None:
    lose(lambda event: True)

    async with asyncio.timeout(BY_BEACON):
        await alice.says(garden, "lost")
        await bobs.await_message("lost")


async def test_pushes_out_of_order_and_repeated_are_applied_once_and_in_order(
    site: Site, alice: Person, garden: RoomId, bobs: WireClient, redis: RedisLink, lose: Lose
) -> None:
    dice = random.Random(3)
    taken: list[Event] = []

    def take(event: Event) -> bool:
        taken.append(event)
        return True

    lose(take)
    for number in range(40):
        await alice.says(garden, f"{number}")
    relayed = [event for event in taken if isinstance(event, RoomAppended)] * 2
    dice.shuffle(relayed)
    epoch = site.one.kit.container.store().epoch
    channel = redis.key("room", garden)
    for event in relayed:
        await redis.ask("PUBLISH", channel, encode(event, epoch=epoch, node="somebody"))

    await bobs.await_seq(garden, 42)
    assert bobs.reader.seqs(garden) == list(range(3, 43))
    assert bobs.reader.jumps == []


async def test_payloads_that_make_no_sense_are_ignored_and_counted(
    site: Site, alice: Person, garden: RoomId, bobs: WireClient, redis: RedisLink
) -> None:
    notifier = notifier_of(site.other)
    epoch = site.one.kit.container.store().epoch
    seq = await alice.says(garden, "real")
    await bobs.await_message("real")
    async with site.one.kit.container.store().view() as view:
        message = await view.log.find(garden, seq)
    assert message
    real = RoomAppended(garden, (message,))
    elsewhere = RoomId("01900000-0000-7000-8000-000000000000")
    nonsense = [
        b"",
        b"\xc1",
        b"{}",
        b"\x95" * 10_000,
        bytes(3_000_000),
        encode(real, epoch=epoch, node="x")[:-1],
        encode(RoomAppended(garden, ()), epoch=epoch, node="x"),
        encode(RoomAppended(garden, (message, message)), epoch=epoch, node="x"),
        encode(RoomAppended(elsewhere, (message,)), epoch=epoch, node="x"),
        encode(RoomArchived(elsewhere), epoch=epoch, node="x"),
    ]
    for channel in (redis.key("room", garden), redis.key("people")):
        for payload in nonsense:
            await redis.ask("PUBLISH", channel, payload)
    strange = encode(RoomArchived(garden), epoch="another life", node="x")
    await redis.ask("PUBLISH", redis.key("room", garden), strange)

    await alice.says(garden, "and on")
    await bobs.await_message("and on")

    assert notifier.malformed == 2 * len(nonsense)
    assert notifier.foreign == 1
    assert bobs.reader.texts(garden) == ["real", "and on"]


async def test_a_batch_that_is_too_large_to_send_is_read_from_the_log(
    site: Site, alice: Person, garden: RoomId, bobs: WireClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.notifier.redis.payload.LARGEST", 2_000)

    async with asyncio.timeout(1):
        await alice.says(garden, "long " * 1_000)
        await bobs.await_seq(garden, 3)


async def test_a_lost_archiving_is_noticed(
    site: Site, alice: Person, garden: RoomId, bobs: WireClient, lose: Lose
) -> None:
    lose(lambda event: isinstance(event, RoomArchived))

    async with asyncio.timeout(BY_BEACON):
        await site.one.kit.chat.archive_room(alice.user, room_id=garden)
        gone = await bobs.await_push("room_gone")

    assert gone["reason"] == "archived"
    assert garden not in site.other.hub.switchboard.channels


async def test_a_removal_that_was_lost_and_then_cleared_is_noticed(
    site: Site, alice: Person, garden: RoomId, bobs: WireClient, lose: Lose
) -> None:
    lose(lambda event: isinstance(event, RoomAppended) and event.messages[0].text != "after")
    await site.one.kit.chat.remove_member(alice.user, room_id=garden, username="bob")
    await site.one.kit.chat.clear_room(alice.user, room_id=garden)

    await alice.says(garden, "after")

    async with asyncio.timeout(1):
        assert (await bobs.await_push("room_gone"))["reason"] == "removed"
    await bobs.ask("ping")
    assert bobs.reader.applied.get(garden, []) == []


async def test_a_joining_that_was_lost_and_then_cleared_is_noticed(
    site: Site, alice: Person, garden: RoomId, bobs: WireClient, lose: Lose
) -> None:
    carol = site.at_other(await site.one.person("carol"))
    carols = await carol.client()
    lose(lambda event: isinstance(event, RoomAppended) and event.messages[0].text != "after")
    await site.one.kit.chat.invite_member(alice.user, room_id=garden, username="carol")
    await site.one.kit.chat.clear_room(alice.user, room_id=garden)

    await alice.says(garden, "after")

    async with asyncio.timeout(1):
        await carols.await_message("after")
    assert [each["kind"] for each in carols.reader.applied[garden]] == ["cleared", "posted"]


async def test_who_was_removed_is_not_let_in_again_by_a_joining_that_comes_late(
    site: Site, alice: Person, redis: RedisLink, bobs: WireClient, lose: Lose
) -> None:
    taken: list[RoomAppended] = []

    def take(event: Event) -> bool:
        if isinstance(event, RoomAppended):
            taken.append(event)
        return True

    lose(take)
    hall = await site.one.kit.room(alice.user, "hall", visibility="private")
    await site.one.kit.chat.invite_member(alice.user, room_id=hall, username="bob")
    await site.one.kit.chat.remove_member(alice.user, room_id=hall, username="bob")
    await alice.says(hall, "without bob")
    invited = next(each for each in taken if each.messages[0].kind is Kind.INVITED)

    epoch = site.one.kit.container.store().epoch
    late = encode(invited, epoch=epoch, node="somebody")
    await redis.ask("PUBLISH", redis.key("people"), late)

    await bobs.await_push("room_gone", lambda push: push["room"] == hall)
    await bobs.ask("ping")
    assert bobs.reader.texts(hall) == []
    await eventually(lambda: hall not in site.other.hub.switchboard.channels)


async def test_who_says_hello_while_a_room_is_cleared_unheard_is_sent_back(
    site: Site,
    alice: Person,
    bob: Person,
    garden: RoomId,
    lose: Lose,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    carol = site.at_other(await site.one.person("carol"))
    await site.one.kit.chat.invite_member(alice.user, room_id=garden, username="carol")
    carols = await carol.client()
    await alice.client()
    await site.followed(garden)
    greet = Greet.__call__

    async def slow(*arguments: object, **options: object) -> object:
        greeting = await greet(*arguments, **options)
        lose(lambda event: isinstance(event, RoomAppended) and event.messages[0].text != "after")
        await site.one.kit.chat.remove_member(alice.user, room_id=garden, username="bob")
        await site.one.kit.chat.clear_room(alice.user, room_id=garden)
        await alice.says(garden, "after")
        await carols.await_message("after")
        return greeting

    monkeypatch.setattr(Greet, "__call__", slow)
    bobs = await bob.knock()
    await bobs.tell("hello")

    assert await bobs.closed() == 1012
    assert bobs.reader.texts(garden) == []
