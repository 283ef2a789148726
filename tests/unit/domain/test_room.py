"""A room numbers what it receives, and knows who is in it by what it was told."""

from dataclasses import fields

import pytest

from domain.errors import InvalidField
from domain.message import Entry, Kind
from domain.names import RoomName
from domain.room import QUIET_FROM, Visibility, checked_topic, direct_key
from tests.cast import a_direct_room, a_post, a_room, alice, an_entry, at, bob


def test_entries_are_numbered_from_one_without_a_gap() -> None:
    room = a_room()

    messages = [room.receive(a_post(alice()), at=at(second)) for second in range(3)]

    assert [message.seq for message in messages] == [1, 2, 3]
    assert room.head == 3


def test_a_message_is_the_entry_with_its_place_and_time() -> None:
    room = a_room(head=7)
    entry = a_post(alice(), "hello @bob", key="k", reply_to=3, mentions=(bob().id,))

    message = room.receive(entry, at=at(1))

    assert (message.room_id, message.seq, message.at) == (room.id, 8, at(1))
    assert (message.author, message.text, message.key) == (alice().person, "hello @bob", "k")
    assert (message.reply_to, message.mentions) == (3, (bob().id,))
    assert (message.edited_at, message.deleted) == (None, False)


def test_those_who_come_and_go_are_counted() -> None:
    room = a_room()

    counts = []
    for kind in (Kind.JOINED, Kind.INVITED, Kind.POSTED, Kind.ARRIVED, Kind.LEFT, Kind.REMOVED):
        room.receive(an_entry(kind, alice(), subject=bob().person), at=at(1))
        counts.append(room.members)

    assert counts == [1, 2, 2, 2, 1, 0]


def test_what_was_cleared_lies_below_the_floor() -> None:
    room = a_room(head=5)

    room.receive(an_entry(Kind.CLEARED, alice(), upto=5), at=at(1))

    assert (room.floor, room.head) == (5, 6)


def test_a_hundred_members_are_told_of_arrivals_and_one_more_is_too_many() -> None:
    assert a_room(members=QUIET_FROM).records_presence
    assert not a_room(members=QUIET_FROM + 1).records_presence


def test_arrivals_are_not_told_where_nobody_wants_them() -> None:
    assert not a_room(tells_presence=False).records_presence
    assert not a_direct_room(alice(), bob()).records_presence


def test_a_direct_room_is_neither_public_nor_named() -> None:
    room = a_direct_room(alice(), bob())

    assert room.is_direct
    assert not room.is_public
    assert room.name is None


def test_an_archived_room_knows_it() -> None:
    assert not a_room().is_archived
    assert a_room(archived_at=at(1)).is_archived


def test_a_room_takes_another_name_and_another_topic() -> None:
    room = a_room(visibility=Visibility.PRIVATE)

    room.rename(RoomName("Orchard"))
    room.set_topic("  trees  ")

    assert (str(room.name), room.topic) == ("Orchard", "trees")


def test_a_topic_is_one_short_line() -> None:
    assert checked_topic("x" * 250) == "x" * 250
    for topic in ("x" * 251, "two\nlines"):
        with pytest.raises(InvalidField, match="topic"):
            checked_topic(topic)


def test_one_group_of_people_has_one_key() -> None:
    assert direct_key([alice().id, bob().id]) == direct_key([bob().id, alice().id, bob().id])
    assert direct_key([alice().id]) != direct_key([alice().id, bob().id])


def test_nothing_of_an_entry_is_left_out() -> None:
    room = a_room()
    entry = Entry(
        kind=Kind.REMOVED,
        author=alice().person,
        subject=bob().person,
        text="t",
        key="k",
        target=1,
        upto=2,
        reply_to=3,
        mentions=(bob().id,),
    )

    message = room.receive(entry, at=at(5))

    assert {each.name: getattr(message, each.name) for each in fields(Entry)} == {
        each.name: getattr(entry, each.name) for each in fields(Entry)
    }
    assert (message.room_id, message.seq, message.at) == (room.id, room.head, at(5))
