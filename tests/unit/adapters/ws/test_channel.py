"""A room's listeners hear it by seq, and only as long as they are members."""

from adapters.ws.channel import Channel
from adapters.ws.connection import Connection
from domain.ids import RoomId
from domain.message import Kind, Message
from domain.user import User
from tests.cast import alice, an_id, at, bob
from tests.unit.adapters.ws.readers import a_reader, received, seqs

ROOM = RoomId(an_id("room garden"))


def entry(
    seq: int, kind: Kind = Kind.POSTED, author: User | None = None, **more: object
) -> Message:
    person = (author or alice()).person
    return Message(room_id=ROOM, seq=seq, kind=kind, author=person, at=at(seq), **more)


def a_channel(*listeners: Connection, head: int = 0) -> tuple[Channel, list[Connection]]:
    expelled: list[Connection] = []
    channel = Channel(ROOM, head, lambda connection, message: expelled.append(connection))
    channel.listeners.update(listeners)
    return channel, expelled


def test_a_hole_is_noticed() -> None:
    channel, _ = a_channel(head=4)

    assert channel.follows([entry(5), entry(6)])
    assert channel.follows([entry(3), entry(4)])
    assert not channel.follows([entry(6)])


def test_what_was_sent_is_not_sent_again() -> None:
    bobs = a_reader(bob())
    channel, _ = a_channel(bobs, head=4)

    channel.deliver([entry(4), entry(5)])
    channel.deliver([entry(4), entry(5)])
    channel.deliver([entry(5), entry(6)])

    assert seqs(bobs) == [5, 6]
    assert channel.head == 6


def test_all_who_did_not_write_share_the_same_bytes() -> None:
    first, second, author = a_reader(bob(), "1"), a_reader(bob(), "2"), a_reader(alice(), "3")
    channel, _ = a_channel(first, second, author)

    channel.deliver([entry(1, text="hi", key="mine")])

    assert first.outbox.frames[0] is second.outbox.frames[0]  # type: ignore[attr-defined]
    assert "key" not in received(first)[0]["message"]
    assert received(author)[0]["message"]["key"] == "mine"


def test_in_a_batch_each_author_sees_their_own_key_alone() -> None:
    alices, bobs = a_reader(alice(), "1"), a_reader(bob(), "2")
    channel, _ = a_channel(alices, bobs)

    channel.deliver([entry(1, key="a"), entry(2, author=bob(), key="b")])

    assert [each["message"].get("key") for each in received(alices)] == ["a", None]
    assert [each["message"].get("key") for each in received(bobs)] == [None, "b"]


def test_nothing_after_a_removal_reaches_the_removed() -> None:
    alices, bobs, bobs_too = a_reader(alice(), "1"), a_reader(bob(), "2"), a_reader(bob(), "3")
    channel, expelled = a_channel(alices, bobs, bobs_too)

    channel.deliver([entry(1), entry(2, Kind.REMOVED, subject=bob().person), entry(3)])

    assert seqs(alices) == [1, 2, 3]
    assert seqs(bobs) == seqs(bobs_too) == [1, 2]
    assert set(expelled) == {bobs, bobs_too}
    assert channel.listeners == {alices}
