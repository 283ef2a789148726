"""A message is one line of JSON, always the same one."""

import json
from dataclasses import replace

import pytest

from application.moving.line_reading import record_of
from application.moving.line_writing import line_of
from domain.message import Kind, Message
from tests.cast import a_post, a_room, alice, an_entry, at, bob, numbered


def a_message(text: str = "hello") -> Message:
    [message] = numbered(a_room(), a_post(alice(), text, key="k"))
    return message


def test_what_does_not_apply_is_left_out() -> None:
    message = a_message()

    assert line_of(message) == (
        f'{{"record":"message","room":"{a_room().id}","seq":1,"kind":"posted",'
        f'"author":"{alice().id}","text":"hello","key":"k","at":"2026-03-01T12:00:01.123Z"}}'
    )


def test_what_applies_stands_in_one_order() -> None:
    entry = an_entry(
        Kind.CLEARED, alice(), subject=bob().person, text="t", key="k", target=1, upto=0
    )
    [message] = numbered(a_room(), replace(entry, reply_to=2, mentions=(alice().id, bob().id)))
    message = replace(message, edited_at=at(2), deleted=True)

    assert line_of(message) == (
        f'{{"record":"message","room":"{a_room().id}","seq":1,"kind":"cleared",'
        f'"author":"{alice().id}","subject":"{bob().id}","text":"t","key":"k",'
        f'"target":1,"upto":0,"reply_to":2,"mentions":["{alice().id}","{bob().id}"],'
        '"at":"2026-03-01T12:00:01.123Z","edited_at":"2026-03-01T12:00:02.123Z","deleted":true}'
    )


@pytest.mark.parametrize(
    "text",
    ["", '"', "\\", "\\u0041", "a\nb\r\tc", "\x01\x1f\x7f", "\u2028\ue000\U0010ffff", "}{,", "👷"],
)
def test_every_text_comes_back(text: str) -> None:
    message = replace(a_message(text), key=text)

    read = record_of(json.loads(line_of(message)))

    assert isinstance(read, Message)
    assert (read.text, read.key) == (text, text)
    assert line_of(read) == line_of(message)
