"""Names are unmistakable to the eye, and equal without regard to case."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidField
from domain.names import LONGEST, RoomName, Username, sought
from domain.text import fold


def reason_against(name: str) -> str:
    with pytest.raises(InvalidField) as refusal:
        Username(name)
    assert refusal.value.code == "username_invalid"
    return refusal.value.reason


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "alice",
        "Al.ice-2_x",
        "أليس\u0662",
        "Zoë",
        "Straße",
        "Алиса",
        "Ёжик",
        "Αλίκη",
        "Ալիս",
        "ალისა",
        "אליס",
        "أليس",
        "अमित",
        "তানিয়া",
        "สมชาย",
        "김철수",
        "王小明",
        "さくらサクラ桜",
        "Nguyễn",
        "ⴰⵎⵣⵉⵖ",
        "a" * LONGEST,
    ],
)
def test_every_alphabet_makes_names(name: str) -> None:
    assert Username(name).value == unicodedata.normalize("NFC", name)
    assert RoomName(name).value == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "must not be empty"),
        ("a" * (LONGEST + 1), "is longer than 32 characters"),
        ("bob\u0660", "mixes letters of different alphabets"),
        ("1alice", "must start with a letter"),
        ("_alice", "must start with a letter"),
        (" alice", "must start with a letter"),
        ("\u0301alice", "must start with a letter"),
        ("😀", "must start with a letter"),
        ("ali ce", "may not contain spaces"),
        ("ali\nce", "may not contain spaces"),
        ("ali\u00a0ce", "contains a character that looks like another one"),
        ("ali/ce", "may not contain /"),
        ("ali@ce", "may not contain @"),
        ("alice<script>", "may not contain <"),
        ("alice\0", "may not contain U+0000"),
        ("alice\ud800", "may not contain U+D800"),
        ("alice1\u0301", "has an accent without a letter"),
        ("alice-\u0301", "has an accent without a letter"),
    ],
)
def test_what_is_no_name_is_refused_with_the_reason(name: str, reason: str) -> None:
    assert reason_against(name) == reason


@pytest.mark.parametrize(
    "name",
    [
        "аlice",  # the first letter is Cyrillic
        "aliсe",  # one in the middle is
        "Αlice",  # Greek
        "аλίκη",  # Cyrillic and Greek
        "aliceע",
        "王alice",
    ],
)
def test_names_in_mixed_alphabets_are_refused(name: str) -> None:
    assert reason_against(name) == "mixes letters of different alphabets"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ali\u200bce", "U+200B"),  # zero-width space
        ("ali\u200dce", "U+200D"),  # zero-width joiner
        ("alice\u2060", "U+2060"),  # word joiner
        ("alice\ufeff", "U+FEFF"),  # byte order mark
        ("ali\u00adce", "U+00AD"),  # soft hyphen
        ("alice\u202ebob", "U+202E"),  # right-to-left override
        ("alice\u2066", "U+2066"),  # left-to-right isolate
        ("alice\u034f", "U+034F"),  # combining grapheme joiner: an accent that nobody sees
        ("alice\ufe0f", "U+FE0F"),  # variation selector
        ("alice\U000e0100", "U+E0100"),  # variation selector of another plane
        ("alice\u115f", "U+115F"),  # Hangul filler: a letter that nobody sees
        ("alice\U000e0041", "U+E0041"),  # tag
    ],
)
def test_invisible_characters_are_refused_and_shown(name: str, shown: str) -> None:
    assert reason_against(name) == f"may not contain {shown}"


def test_a_name_of_invisible_letters_is_refused() -> None:
    assert reason_against("\u115f\u115f") == "must start with a letter"


@pytest.mark.parametrize("name", ["ｂob", "ﬁona", "bob²", "𝐛ob", "bo⒝", "Ⅷ", "ﾊﾅ"])
def test_look_alikes_of_other_characters_are_refused(name: str) -> None:
    assert "looks like another" in reason_against(name) or "start" in reason_against(name)


def test_a_flood_of_accents_is_refused_at_once() -> None:
    flood = "a" + "\u0301\u0316" * 100_000

    started = time.perf_counter()
    reason = reason_against(flood)

    assert reason == "is longer than 32 characters"
    assert time.perf_counter() - started < 0.1


def test_few_accents_make_a_name_and_many_do_not() -> None:
    assert Username("a" + "\u0316" * 4).value == "a" + "\u0316" * 4
    assert reason_against("a" + "\u0316" * 5) == "has too many accents on one letter"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alice", "alice"),
        ("ZOË", "zoe\u0308"),
        ("Straße", "STRASSE"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("АЛИСА", "алиса"),
        ("İrem", "i\u0307rem"),
    ],
)
def test_names_that_differ_in_case_or_encoding_are_one(one: str, other: str) -> None:
    assert Username(one).folded == Username(other).folded


@pytest.mark.parametrize(("one", "other"), [("zoe", "zoë"), ("ırem", "irem"), ("bob", "bob.")])
def test_names_that_look_different_are_two(one: str, other: str) -> None:
    assert Username(one).folded != Username(other).folded


def test_a_name_shows_as_it_was_chosen() -> None:
    assert str(Username("Zoë")) == "Zoë"
    assert str(RoomName("Garden")) == "Garden"


def test_a_wrong_room_name_is_told_of_the_field_name() -> None:
    with pytest.raises(InvalidField) as refusal:
        RoomName("no room")

    assert (refusal.value.field, refusal.value.code) == ("name", "name_invalid")


@given(st.text(max_size=40))
def test_a_name_that_is_taken_stays_the_same_when_taken_again(raw: str) -> None:
    try:
        name = Username(raw)
    except InvalidField:
        return

    assert Username(name.value) == name
    assert fold(name.folded) == name.folded
    assert len(name.value) <= LONGEST


def test_what_nobody_can_be_called_is_not_sought() -> None:
    assert sought("ALI") == "ali"
    assert sought("") == ""
    assert sought("ali\0") is None
    assert sought("ali\ud800") is None
    assert sought("a" + "\u0301\u0316" * 100_000) is None
