"""Text that every store can hold and give back unchanged."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidField
from domain.text import checked_key, checked_line, checked_text, fold, is_storable


@pytest.mark.parametrize(
    "text",
    [
        "x",
        " x ",
        "two\nlines\tand tabs",
        "👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "می‌خواهم",
        "e\u0301",
        "x" * 100,
        "\u202eabc",
        "`\x1b`",
    ],
)
def test_the_text_of_a_message_is_kept_as_it_is(text: str) -> None:
    assert checked_text("text", text, longest=100) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "must not be empty"),
        (" \n\t\u00a0\u2003", "must not be empty"),
        ("\u200b\u2060", "must not be empty"),
        ("\u3164", "must not be empty"),
        ("x" * 101, "is longer than 100 characters"),
        ("a\0b", "must not contain NUL or lone surrogates"),
        ("a\ud800b", "must not contain NUL or lone surrogates"),
    ],
)
def test_text_that_says_nothing_or_breaks_a_store_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        checked_text("text", text, longest=100)

    assert (refusal.value.code, refusal.value.reason) == ("text_invalid", reason)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("", ""),
        ("  a garden  ", "a garden"),
        ("e\u0301", "é"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("می‌خواهم", "می‌خواهم"),
        ("x" * 10, "x" * 10),
        (" " * 5 + "x" * 10, "x" * 10),
    ],
)
def test_a_line_is_kept_without_the_blanks_around_it(line: str, kept: str) -> None:
    assert checked_line("topic", line, longest=10) == kept


@pytest.mark.parametrize(
    "line", ["a\nb", "a\rb", "a\x1bb", "a\u2028b", "a\u2029b", "a\x85b", "a\u202eb", "a\u2067b"]
)
def test_a_line_that_is_not_one_or_turns_round_is_refused(line: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        checked_line("topic", line, longest=10)

    assert refusal.value.reason == "must be one line without control characters"


@pytest.mark.parametrize("line", ["x" * 11, " " * 50 + "x", "a" + "\u0301\u0316" * 500_000])
def test_a_line_that_is_too_long_is_refused_at_once(line: str) -> None:
    started = time.perf_counter()
    with pytest.raises(InvalidField) as refusal:
        checked_line("topic", line, longest=10)

    assert refusal.value.reason == "is longer than 10 characters"
    assert time.perf_counter() - started < 0.1


@pytest.mark.parametrize("line", ["", "  ", "\u200b", "\u200b \u2060", "\u3164", "\u115f"])
def test_a_required_line_must_show_something(line: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        checked_line("display_name", line, longest=10, required=True)

    assert refusal.value.reason == "must not be empty"


@pytest.mark.parametrize("key", ["a", "k" * 64, "01a~!", "with space"])
def test_a_key_is_short_printable_ascii(key: str) -> None:
    assert checked_key(key) == key


@pytest.mark.parametrize("key", ["", "k" * 65, "ключ", "a\nb", "a\0", "a\x7f"])
def test_another_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        checked_key(key)

    assert (refusal.value.field, refusal.value.code) == ("key", "key_invalid")


def test_folding_knows_no_case_and_one_encoding() -> None:
    assert fold("ÉCOLE") == fold("e\u0301cole") == "école"
    assert fold("ﬁn") == fold("FIN")


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=50))
def test_text_that_passes_can_be_encoded(text: str) -> None:
    assert is_storable(text) == ("\0" not in text and _encodes(text))


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
