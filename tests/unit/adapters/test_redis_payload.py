"""Events between nodes: what comes out is what went in, and whatever else comes is refused."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.notifier.redis.payload import (
    LARGEST,
    VERSION,
    Foreign,
    OurOwn,
    Unreadable,
    decode,
    encode,
)
from besedka_contracts.notifier import GARDEN, HALL, TOLD_TO_ALL, TYPED, joined, said
from domain.events import Event, PersonTyped, RoomAppended, RoomsMissed
from tests.cast import a_post, a_room, alice, numbered

HERE = {"epoch": "life", "node": "here"}


def sent(event: Event, *, epoch: str = "life", node: str = "there") -> bytes:
    return encode(event, epoch=epoch, node=node)


@pytest.mark.parametrize("event", [said(), TYPED, joined(), *TOLD_TO_ALL], ids=repr)
def test_events_arrive_as_they_were(event: Event) -> None:
    room_id = GARDEN if isinstance(event, RoomAppended | PersonTyped) else None

    assert decode(sent(event), **HERE, room_id=room_id) == event


def test_what_admits_somebody_may_come_by_the_channel_of_everybody() -> None:
    assert decode(sent(joined()), **HERE, room_id=None) == joined()


def test_strangers_and_oneself_are_told_apart() -> None:
    with pytest.raises(Foreign):
        decode(sent(TYPED, epoch="another"), **HERE, room_id=GARDEN)
    with pytest.raises(OurOwn):
        decode(sent(TYPED, node="here"), **HERE, room_id=GARDEN)


def test_an_event_comes_by_the_channel_of_its_room_only() -> None:
    for event in (said(), TYPED):
        with pytest.raises(Unreadable):
            decode(sent(event), **HERE, room_id=HALL)
    with pytest.raises(Unreadable):
        decode(sent(TOLD_TO_ALL[0]), **HERE, room_id=GARDEN)


def test_a_batch_with_a_hole_or_of_two_rooms_is_no_batch() -> None:
    first, second, third = said().messages
    for messages in ((), (first, third), (second, first), (first, *said("hall").messages)):
        with pytest.raises(Unreadable):
            decode(sent(RoomAppended(GARDEN, messages)), **HERE, room_id=GARDEN)


def test_what_is_too_large_becomes_a_hint() -> None:
    long = numbered(a_room(), a_post(alice(), "x" * (LARGEST + 1)))

    payload = sent(RoomAppended(GARDEN, tuple(long)))

    assert len(payload) < 1000
    assert decode(payload, **HERE, room_id=GARDEN) == RoomsMissed((GARDEN,))


def test_another_version_says_at_least_where_something_happened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("adapters.notifier.redis.payload.VERSION", VERSION + 1)
    newer = sent(said())
    monkeypatch.undo()

    assert decode(newer, **HERE, room_id=GARDEN) == RoomsMissed((GARDEN,))
    with pytest.raises(Unreadable):
        decode(newer, **HERE, room_id=None)


@given(st.binary(max_size=200))
@example(b"\x91" * 100_000)
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises((Unreadable, Foreign)):
        decode(noise, **HERE, room_id=GARDEN)


@given(st.data())
def test_a_real_one_that_was_damaged_is_refused_or_an_event(data: st.DataObject) -> None:
    payload = bytearray(sent(said()))
    for _ in range(data.draw(st.integers(1, 4))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))

    try:
        event = decode(bytes(payload), **HERE, room_id=GARDEN)
    except (Unreadable, Foreign, OurOwn):
        return
    assert isinstance(event, RoomAppended | RoomsMissed)
