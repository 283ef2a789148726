"""The golden JSON of both sockets: a change here is a change of the protocol."""

import pytest

from domain.message import Kind, Message
from tests.cast import an_id, at, bob
from tests.unit.adapters.ws.readers import PLAIN, PROTOCOL, unframed
from tests.unit.adapters.ws.test_channel import ROOM, entry

ALICE = {"id": an_id("user alice"), "username": "alice", "display_name": "Alice"}
BOB = {"id": an_id("user bob"), "username": "bob", "display_name": "Bob"}

GOLDEN: dict[str, tuple[Message, dict[str, object], dict[str, object]]] = {
    "posted": (
        entry(12, text="*hi* @bob", key="k", reply_to=3, mentions=(bob().id,), edited_at=at(60)),
        {
            "kind": "posted",
            "text": "*hi* @bob",
            "html": "<p><em>hi</em> @bob</p>",
            "reply_to": 3,
            "mentions": [BOB["id"]],
            "edited_at": "2026-03-01T12:01:00.123Z",
        },
        {"user": "alice", "text": "*hi* @bob"},
    ),
    "deleted post": (
        entry(12, deleted=True),
        {"kind": "posted", "text": "", "deleted": True},
        {"user": "alice", "text": ""},
    ),
    "removed": (
        entry(12, Kind.REMOVED, subject=bob().person, text="too loud"),
        {"kind": "removed", "text": "too loud", "subject": BOB},
        {"user": None, "text": "Alice removed Bob: too loud"},
    ),
    "edited": (
        entry(12, Kind.EDITED, text="better", target=3),
        {"kind": "edited", "text": "better", "target": 3},
        {"user": None, "text": "Alice edited a message: better"},
    ),
    "renamed": (
        entry(12, Kind.RENAMED, text="orchard"),
        {"kind": "renamed", "text": "orchard"},
        {"user": None, "text": "Alice renamed the room to orchard"},
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_a_message_in_both_dialects(name: str) -> None:
    message, protocol, plain = GOLDEN[name]
    when = "2026-03-01T12:00:12.123Z"

    (pushed,) = unframed(PROTOCOL.message(message).to_others)
    (line,) = unframed(PLAIN.message(message).to_others)

    assert pushed == {
        "type": "message",
        "message": {"room": ROOM, "seq": 12, "author": ALICE, "at": when, **protocol},
    }
    assert line == {"created_at": when, "seq": 12, **plain}


def test_a_cleared_room_in_both_dialects() -> None:
    cleared = entry(12, Kind.CLEARED, upto=11)

    (pushed,) = unframed(PROTOCOL.message(cleared).to_others)

    assert pushed["message"]["upto"] == 11
    assert unframed(PLAIN.message(cleared).to_others) == [{"cmd": "empty"}]


def test_the_author_alone_gets_the_key() -> None:
    shown = PROTOCOL.message(entry(12, key="mine"))

    assert [each["message"].get("key") for each in unframed(shown.to_others)] == [None]
    assert [each["message"].get("key") for each in unframed(shown.to_author)] == ["mine"]


def test_the_plain_dialect_has_no_word_for_other_pushes() -> None:
    assert PLAIN.push("typing", {"room": ROOM}) == b""
    assert unframed(PROTOCOL.push("typing", {"room": ROOM})) == [{"type": "typing", "room": ROOM}]
    assert unframed(PLAIN.note("Nothing of that name.")) == [{"text": "Nothing of that name."}]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_words_in_both_dialects(kind: Kind) -> None:
    message = entry(12, kind, subject=bob().person, text="t")

    assert unframed(PROTOCOL.message(message).to_others)[0]["message"]["kind"] == kind
    assert unframed(PLAIN.message(message).to_others)[0].keys() & {"text", "cmd"}
