"""Who is meant by `@name`."""

import time

import pytest

from domain.names import Username
from domain.text import mentioned_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("hello", set()),
        ("@bob", {"bob"}),
        ("hello @Bob and @ALICE!", {"bob", "alice"}),
        ("(@bob)", {"bob"}),
        ("@bob's turn", {"bob"}),
        ("@bob/@alice", {"bob"}),
        ("@bob, @bob; @bob:", {"bob"}),
        ("thanks @bob.", {"bob.", "bob"}),
        ("@al.ice-2_x", {"al.ice-2_x"}),
        ("@bob-", {"bob-", "bob"}),
        ("mail bob@example.org", set()),
        ("https://example.org/@bob", set()),
        ("@@bob", set()),
        ("@ bob", set()),
        ("@", set()),
        ("@алиса", {"алиса"}),
        ("@अमित", {"अमित"}),
        ("@Ame\u0301lie", {"amélie"}),
        ("@STRASSE", {"strasse"}),
    ],
)
def test_a_mention_is_a_name_after_an_at_sign(text: str, names: set[str]) -> None:
    assert mentioned_names(text) == names


@pytest.mark.parametrize(
    "name", ["alice", "Алиса", "अमित", "สมชาย", "김철수", "さくら", "Nguyễn", "a" * 32]
)
def test_everybody_can_be_mentioned(name: str) -> None:
    assert Username(name).folded in mentioned_names(f"hello @{name}, come here")


def test_a_flood_of_at_signs_and_accents_takes_no_time() -> None:
    started = time.perf_counter()
    mentioned_names("@" + "\u0301\u0316" * 4_000 + "@a" * 4_000 + " @a" + "\u0301\u0316" * 4_000)

    assert time.perf_counter() - started < 0.1
