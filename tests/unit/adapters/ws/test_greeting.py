"""Between the snapshot and the answer to a hello, rooms go on; nothing of it is lost or leaked."""

from adapters.ws.greeting import heads_after, in_order, push_missed
from domain.events import RoomAppended
from domain.message import Kind, Message
from tests.cast import alice, bob
from tests.unit.adapters.ws.readers import a_reader, seqs
from tests.unit.adapters.ws.test_channel import ROOM, entry


def told(*messages: Message) -> RoomAppended:
    return RoomAppended(ROOM, messages)


def test_what_is_told_twice_or_late_is_put_in_order() -> None:
    events = [told(entry(7)), told(entry(5), entry(6)), told(entry(6), entry(7))]

    assert [message.seq for message in in_order(events)] == [5, 6, 7]


def test_what_is_in_the_snapshot_is_not_pushed_again() -> None:
    reader = a_reader(bob())

    reached = push_missed(reader, [entry(4), entry(5), entry(6)], {ROOM: 5})

    assert seqs(reader) == [6]
    assert reached == {ROOM: 6}


def test_nothing_behind_a_hole_is_pushed() -> None:
    """The missing entry may be the reader's own removal."""
    reader = a_reader(bob())

    reached = push_missed(reader, [entry(6), entry(8)], {ROOM: 5})

    assert seqs(reader) == [6]
    assert reached == {ROOM: 6}


def test_rooms_of_others_are_not_heard() -> None:
    reader = a_reader(bob())

    assert push_missed(reader, [entry(1)], {}) == {}
    assert seqs(reader) == []


def test_who_was_removed_meanwhile_hears_nothing() -> None:
    removed = entry(6, Kind.REMOVED, subject=bob().person)

    assert heads_after(a_reader(bob()), [removed, entry(7)], {ROOM: 5}) == {}
    assert heads_after(a_reader(alice()), [removed, entry(7)], {ROOM: 5}) == {ROOM: 5}


def test_who_joined_meanwhile_hears_what_followed() -> None:
    invited = entry(6, Kind.INVITED, subject=bob().person)

    assert heads_after(a_reader(bob()), [invited, entry(7)], {}) == {ROOM: 6}


def test_a_removal_that_the_snapshot_knows_of_is_over() -> None:
    """Removed and invited again, all before the snapshot."""
    removed = entry(4, Kind.REMOVED, subject=bob().person)

    assert heads_after(a_reader(bob()), [removed], {ROOM: 5}) == {ROOM: 5}


def test_a_plain_socket_hears_no_room_but_its_own() -> None:
    reader = a_reader(bob())
    reader.only = "another room"

    assert heads_after(reader, [entry(6, Kind.INVITED, subject=bob().person)], {}) == {}
