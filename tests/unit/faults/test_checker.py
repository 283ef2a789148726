"""The checker can fail: each test takes a history in which all is well, breaks one promise in it,
and finds that one named, and no other."""

from dataclasses import replace
from itertools import count

import pytest

from tests.faults.checker import violations
from tests.faults.history import (
    Ack,
    Cut,
    Deliver,
    Dot,
    Entry,
    Event,
    Fail,
    Fault,
    Gone,
    History,
    Invoke,
    Logs,
    Over,
    Page,
    Reset,
    Standing,
    Start,
    Unknown,
)

ROOM = "garden"
ALICE, BOB, MALLORY = "alice", "bob", "mallory"


def good_logs() -> Logs:
    """Two are in the room, and mallory came and was removed."""
    return {
        ROOM: [
            Entry(1, "joined alice", ALICE, posted=False, admits=ALICE),
            Entry(2, "joined bob", BOB, posted=False, admits=BOB),
            Entry(3, "a1", ALICE),
            Entry(4, "invited mallory", ALICE, posted=False, admits=MALLORY),
            Entry(5, "a2", ALICE),
            Entry(6, "removed mallory", ALICE, posted=False, expels=MALLORY),
            Entry(7, "b1", BOB),
        ]
    }


def good_events() -> list[Event]:
    return [
        Start("bob/1", BOB, ROOM, 2),
        Invoke(ALICE, ROOM, "a1"),
        Ack(ALICE, ROOM, "a1", 3),
        Deliver("bob/1", ROOM, 3, "a1"),
        Start("mallory/1", MALLORY, ROOM, 4),
        Deliver("bob/1", ROOM, 4, "invited mallory"),
        Fault("kill", frozenset({"node a"})),
        Invoke(ALICE, ROOM, "a2"),
        Unknown(ALICE, ROOM, "a2", "node a", "cut"),
        Cut("bob/1", "node a", None),
        Deliver("mallory/1", ROOM, 5, "a2"),
        Deliver("mallory/1", ROOM, 6, "removed mallory"),
        Gone("mallory/1", ROOM),
        Over("kill"),
        Ack(ALICE, ROOM, "a2", 5),
        Page(ALICE, ROOM, 15, 2, 5, [(3, "a1"), (4, "invited mallory"), (5, "a2")]),
        Standing("bob/1", ROOM, head=6, read=3, unread=1),
        Deliver("bob/1", ROOM, 5, "a2", live=False),
        Deliver("bob/1", ROOM, 6, "removed mallory", live=False),
        Invoke(BOB, ROOM, "b1"),
        Ack(BOB, ROOM, "b1", 7),
        Deliver("bob/1", ROOM, 7, "b1"),
        Standing("bob/1", ROOM, head=7, read=5, unread=0),
        Dot(BOB, ALICE, online=True, connected=True),
    ]


def recorded(events: list[Event], *, seconds_each: float = 0.01) -> History:
    ticks = count()
    history = History(clock=lambda: next(ticks) * seconds_each)
    for event in events:
        history.record(event)
    return history


def broken(events: list[Event], logs: Logs | None = None) -> set[str]:
    found = violations(recorded(events), logs or good_logs())
    return {line.partition(":")[0] for line in found}


def changed(old: Event, new: Event | None) -> list[Event]:
    """The good history with another event in the place of this one, or with none."""
    events = good_events()
    place = events.index(old)
    events[place : place + 1] = [new] if new else []
    return events


def test_a_history_in_which_all_is_well_passes() -> None:
    assert violations(recorded(good_events()), good_logs()) == []


def test_a_lost_ack() -> None:
    logs = good_logs()
    lost = [replace(entry, what="b2") if entry.what == "b1" else entry for entry in logs[ROOM]]
    events = changed(Deliver("bob/1", ROOM, 7, "b1"), Deliver("bob/1", ROOM, 7, "b2"))

    (line,) = violations(recorded(events), {ROOM: lost})

    assert line == "I1: b1 was acknowledged as 7, where there is b2"


def test_an_ack_with_a_wrong_seq() -> None:
    events = changed(Ack(BOB, ROOM, "b1", 7), Ack(BOB, ROOM, "b1", 8))

    assert broken(events) == {"I1"}


def test_a_refused_post_that_is_stored_all_the_same() -> None:
    events = changed(Ack(BOB, ROOM, "b1", 7), Fail(BOB, ROOM, "b1", "permission_denied"))

    assert broken(events) == {"I1"}


def test_a_post_that_is_stored_twice() -> None:
    logs = {ROOM: [*good_logs()[ROOM], Entry(8, "b1", BOB)]}
    events = [*good_events(), Deliver("bob/1", ROOM, 8, "b1")]

    assert violations(recorded(events), logs) == ["I2: b1 is 2 times in the log of garden"]


def test_a_message_that_a_reader_applied_twice() -> None:
    event = Deliver("bob/1", ROOM, 7, "b1")
    events = [*good_events(), event]

    assert broken(events) == {"I2"}


def test_a_gap_without_a_reset() -> None:
    events = changed(Deliver("bob/1", ROOM, 5, "a2", live=False), None)

    (line,) = violations(recorded(events), good_logs())

    assert line == "I3: bob/1 jumped from 4 to 6 of garden"


def test_a_gap_with_a_reset_is_none() -> None:
    old = Deliver("bob/1", ROOM, 5, "a2", live=False)

    assert broken(changed(old, Reset("bob/1", ROOM, 5))) == set()


def test_a_gap_that_was_paged_is_none() -> None:
    old = Deliver("bob/1", ROOM, 5, "a2", live=False)
    page = Page("bob/1", ROOM, 0, 4, 5, [(5, "a2")], applied=True)

    assert broken(changed(old, page)) == set()


def test_a_reader_that_never_started() -> None:
    assert broken([*good_events(), Deliver("bob/2", ROOM, 7, "b1")]) == {"I3"}


def test_messages_in_another_order() -> None:
    events = good_events()
    ahead = events.index(Deliver("bob/1", ROOM, 5, "a2", live=False))
    events[ahead : ahead + 2] = [
        Deliver("bob/1", ROOM, 5, "removed mallory", live=False),
        Deliver("bob/1", ROOM, 6, "a2", live=False),
    ]

    assert broken(events) == {"I4"}


def test_a_page_that_leaves_something_out() -> None:
    page = Page(BOB, ROOM, 0, 2, 5, [(3, "a1"), (5, "a2")])

    assert broken([*good_events(), page]) == {"I4"}


def test_a_log_with_a_gap() -> None:
    logs = {ROOM: [entry for entry in good_logs()[ROOM] if entry.seq != 6]}
    events = changed(Deliver("bob/1", ROOM, 6, "removed mallory", live=False), None)
    events.remove(Deliver("mallory/1", ROOM, 6, "removed mallory"))

    assert "I4" in broken(events, logs)


def test_a_later_post_that_is_before_an_earlier_one() -> None:
    """Nobody sees another order; but bob posted when alice had her answer."""
    events = good_events()
    events.remove(Invoke(BOB, ROOM, "b1"))
    events.remove(Ack(BOB, ROOM, "b1", 7))
    swapped = {3: "b1", 7: "a1"}
    events = [
        replace(event, what=swapped.get(event.seq, event.what))
        if isinstance(event, Deliver)
        else event
        for event in events
        if not isinstance(event, Page | Standing)
    ]
    at = events.index(Ack(ALICE, ROOM, "a1", 3))
    events[at] = Ack(ALICE, ROOM, "a1", 7)
    events[at + 1 : at + 1] = [Invoke(BOB, ROOM, "b1"), Ack(BOB, ROOM, "b1", 3)]
    events.remove(Ack(ALICE, ROOM, "a2", 5))
    logs = {
        ROOM: [
            replace(entry, what=swapped.get(entry.seq, entry.what)) for entry in good_logs()[ROOM]
        ]
    }

    (line,) = violations(recorded(events), logs)

    assert line == "I5: b1 was begun after a1 was acknowledged as 7, and is 3"


def test_an_author_who_does_not_find_their_post() -> None:
    page = Page(ALICE, ROOM, len(good_events()), 2, 3, [(3, "a1")])

    (line,) = violations(recorded([*good_events(), page]), good_logs())

    assert line == "I6: the page after the ack of a2 (5) ends with 3 without it"


def test_a_leak_to_somebody_who_was_removed() -> None:
    events = [*good_events(), Deliver("mallory/1", ROOM, 7, "b1")]

    (line,) = violations(recorded(events), good_logs())

    assert line == "I7: mallory/1 was told b1 (7) of garden"


def test_a_leak_to_somebody_who_was_not_there_yet() -> None:
    events = good_events()
    events.remove(Start("mallory/1", MALLORY, ROOM, 4))
    events[2:2] = [Start("mallory/1", MALLORY, ROOM, 2), Deliver("mallory/1", ROOM, 3, "a1")]
    events.insert(7, Deliver("mallory/1", ROOM, 4, "invited mallory"))

    assert broken(events) == {"I7"}


@pytest.mark.parametrize(
    "leak",
    [
        Page("eve", ROOM, 0, 0, 1, [(1, "joined alice")]),
        Page("mallory", ROOM, 0, 6, 7, [(7, "b1")]),
    ],
)
def test_a_page_for_somebody_who_is_not_a_member(leak: Event) -> None:
    assert broken([*good_events(), leak]) == {"I7"}


def test_whoever_is_a_member_reads_what_was_before() -> None:
    page = Page("mallory", ROOM, 0, 2, 3, [(3, "a1")])

    assert broken([*good_events(), page]) == set()


@pytest.mark.parametrize("online", [True, False])
def test_a_dot_that_lies(online: bool) -> None:
    dot = Dot(BOB, ALICE, online=online, connected=not online)

    assert broken([*good_events(), dot]) == {"I8"}


def test_a_read_position_that_goes_back() -> None:
    standing = Standing("bob/1", ROOM, head=7, read=3, unread=1)

    assert broken([*good_events(), standing]) == {"I9"}


def test_unread_that_is_miscounted() -> None:
    old = Standing("bob/1", ROOM, head=6, read=3, unread=1)

    assert broken(changed(old, replace(old, unread=2))) == {"I9"}


def test_a_reader_that_stays_behind() -> None:
    events = changed(Deliver("bob/1", ROOM, 7, "b1"), None)

    (line,) = violations(recorded(events), good_logs())

    assert line == "I11: bob/1 ended at 6 of garden, whose head is 7"


def test_a_reader_that_catches_up_too_late() -> None:
    history = recorded(good_events())
    last = history.events.index(Deliver("bob/1", ROOM, 7, "b1"))
    history.times[last:] = [at + 6 for at in history.times[last:]]

    (line,) = violations(history, good_logs())

    assert line == "I11: bob/1 was at the head of garden 6.0 s after all was well"


@pytest.mark.parametrize(
    "trouble",
    [
        Unknown(BOB, ROOM, "b1", "node b", "cut"),
        Cut("bob/1", "node b", 1006),
    ],
)
def test_trouble_where_nothing_failed(trouble: Event) -> None:
    events = good_events()
    events.insert(8, trouble)

    assert broken(events) == {"I11"}


def test_trouble_long_after_a_fault() -> None:
    events = [*good_events(), Cut("bob/1", "node a", 1006)]
    history = recorded(events)
    history.times[-1] += 60

    assert [line.partition(":")[0] for line in violations(history, good_logs())] == ["I11"]
