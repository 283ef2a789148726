"""Every kind of message has its sentence."""

import pytest

from domain.message import Kind
from domain.narration import narrate
from tests.cast import a_room, a_user, an_entry, at

ALICE = a_user("alice", display_name="Alice {text}")
BOB = a_user("bob", display_name="Bob")

SENTENCES = {
    Kind.POSTED: "hello {author}",
    Kind.JOINED: "Alice {text} joined the room",
    Kind.LEFT: "Alice {text} left the room",
    Kind.ARRIVED: "Alice {text} is here",
    Kind.DEPARTED: "Alice {text} has gone",
    Kind.INVITED: "Alice {text} added Bob",
    Kind.REMOVED: "Alice {text} removed Bob: hello {author}",
    Kind.RENAMED: "Alice {text} renamed the room to hello {author}",
    Kind.TOPIC_CHANGED: "Alice {text} set the topic: hello {author}",
    Kind.ROLE_CHANGED: "Bob is now hello {author}",
    Kind.EDITED: "Alice {text} edited a message: hello {author}",
    Kind.DELETED: "Alice {text} deleted a message",
    Kind.CLEARED: "Alice {text} cleared the history",
}


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_is_told_in_its_words(kind: Kind) -> None:
    subject = BOB.person if kind in {Kind.INVITED, Kind.REMOVED, Kind.ROLE_CHANGED} else None
    entry = an_entry(kind, ALICE, subject=subject, text="hello {author}")

    assert narrate(a_room().receive(entry, at=at(1))) == SENTENCES[kind]


def test_a_removal_without_a_reason_gives_none() -> None:
    message = a_room().receive(an_entry(Kind.REMOVED, ALICE, subject=BOB.person), at=at(1))

    assert narrate(message) == "Alice {text} removed Bob"


def test_what_nobody_did_was_done_by_the_server() -> None:
    message = a_room().receive(an_entry(Kind.CLEARED, None), at=at(1))

    assert narrate(message) == "The server cleared the history"


def test_a_message_is_about_its_subject_or_else_its_author() -> None:
    room = a_room()

    removed = room.receive(an_entry(Kind.REMOVED, ALICE, subject=BOB.person), at=at(1))
    left = room.receive(an_entry(Kind.LEFT, ALICE), at=at(1))

    assert (removed.member, left.member) == (BOB.person, ALICE.person)
    assert left.is_by(ALICE.id)
    assert not left.is_by(BOB.id)
