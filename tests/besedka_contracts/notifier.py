"""The contract of `Notifier`. `nodes` are two of them, of nodes that can hear each other; who has
but one node leaves the fixture out, and imports the first half by name."""

import asyncio
from collections.abc import Callable

import pytest

from application.ports.notifier import Notifier
from besedka_contracts.cast import a_post, a_room, alice, an_entry, an_id, at, bob, numbered
from domain.events import (
    Event,
    PeopleMissed,
    PersonRenamed,
    PersonTyped,
    PresenceChanged,
    ReadMoved,
    RoomAppended,
    RoomArchived,
    RoomsMissed,
    SessionsEnded,
)
from domain.ids import SessionId
from domain.message import Kind

GARDEN, HALL = a_room().id, a_room("hall").id
TYPED = PersonTyped(GARDEN, alice().person)
PATIENCE = 10.0

TOLD_TO_ALL = [
    PresenceChanged(alice().person, True, (GARDEN, HALL)),
    ReadMoved(alice().id, GARDEN, 3, 2, 1),
    PersonRenamed(alice().person, (GARDEN,)),
    SessionsEnded(alice().id, (SessionId(an_id("session")),)),
]


def said(room_name: str = "garden") -> RoomAppended:
    """Three messages with all that a message can have."""
    room = a_room(room_name)
    room.receive(a_post(alice()), at=at(0))
    messages = numbered(
        room,
        a_post(alice(), "Привет 👩‍💻\n", key="k1", reply_to=1, mentions=(bob().id,)),
        an_entry(Kind.EDITED, alice(), text="x", target=2),
        an_entry(Kind.CLEARED, None, upto=3),
    )
    return RoomAppended(room.id, tuple(messages))


def joined() -> RoomAppended:
    return RoomAppended(GARDEN, tuple(numbered(a_room(), an_entry(Kind.JOINED, bob()))))


class Ear:
    """What a listener hears, and a way to wait for it."""

    def __init__(self, notifier: Notifier) -> None:
        self.heard: list[Event] = []
        self._came = asyncio.Event()
        self.end = notifier.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        self.heard.append(event)
        self._came.set()

    async def until(self, condition: Callable[[list[Event]], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition(self.heard):
                self._came.clear()
                await self._came.wait()

    async def hears(self, event: Event) -> None:
        await self.until(lambda heard: event in heard)


async def test_listeners_on_the_same_node_are_told_before_publishing_returns(
    notifier: Notifier,
) -> None:
    one, other = Ear(notifier), Ear(notifier)

    for event in (said(), TYPED, *TOLD_TO_ALL):
        notifier.publish(event)

    assert [each for each in one.heard if each != PeopleMissed()] == [said(), TYPED, *TOLD_TO_ALL]
    assert other.heard == one.heard


async def test_who_has_ended_their_subscription_hears_nothing(notifier: Notifier) -> None:
    ear = Ear(notifier)
    ear.end()

    notifier.publish(TYPED)

    assert ear.heard == []


async def test_one_listeners_mistake_is_not_the_others(notifier: Notifier) -> None:
    def fail(event: Event) -> None:
        raise RuntimeError("a mistake")

    notifier.subscribe(fail)
    ear = Ear(notifier)

    notifier.publish(TYPED)

    assert TYPED in ear.heard


async def test_rooms_may_be_followed_and_left_in_any_order(notifier: Notifier) -> None:
    notifier.follow(GARDEN)
    notifier.follow(GARDEN)
    notifier.unfollow(GARDEN)
    notifier.unfollow(GARDEN)
    ear = Ear(notifier)

    notifier.publish(said())

    assert said() in ear.heard


@pytest.mark.parametrize(
    "event", [said(), TYPED, RoomArchived(GARDEN)], ids=["appended", "typed", "archived"]
)
async def test_what_happens_in_a_room_reaches_the_nodes_that_follow_it(
    nodes: tuple[Notifier, Notifier], event: Event
) -> None:
    here, there = nodes
    ear, own = Ear(there), Ear(here)
    for node, listening in ((here, own), (there, ear)):
        node.follow(GARDEN)
        await listening.hears(RoomsMissed((GARDEN,)))

    here.publish(event)

    await ear.hears(event)
    assert ear.heard.count(event) == 1
    here.publish(TOLD_TO_ALL[0])  # What comes back of one's own is not heard again.
    await ear.hears(TOLD_TO_ALL[0])
    there.publish(TOLD_TO_ALL[1])
    await own.hears(TOLD_TO_ALL[1])
    assert own.heard.count(event) == 1


async def test_a_room_that_nobody_follows_any_more_is_not_heard_of(
    nodes: tuple[Notifier, Notifier],
) -> None:
    here, there = nodes
    ear = Ear(there)
    for room_id in (GARDEN, HALL, GARDEN):
        there.follow(room_id)
    await ear.hears(RoomsMissed((HALL,)))
    there.unfollow(GARDEN)
    here.publish(said())
    await ear.hears(said())  # It was followed twice.
    there.unfollow(GARDEN)
    there.unfollow(HALL)
    there.follow(HALL)

    await asyncio.sleep(0.2)  # Nothing tells that somebody is no longer listened to.
    here.publish(TYPED)
    here.publish(said("hall"))

    await ear.hears(said("hall"))
    assert TYPED not in ear.heard


@pytest.mark.parametrize("event", [*TOLD_TO_ALL, joined()], ids=lambda event: type(event).__name__)
async def test_what_concerns_people_wherever_they_are_reaches_all_nodes(
    nodes: tuple[Notifier, Notifier], event: Event
) -> None:
    here, there = nodes
    ear = Ear(there)
    await ear.hears(PeopleMissed())

    here.publish(event)

    await ear.hears(event)
