"""What a text is found by, and how queries are read."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidField
from domain.search import LONGEST_WORD, Phrase, parse_query, snippet, words_of

texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=80)
ascii_texts = st.text(st.characters(max_codepoint=127), max_size=200)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Red, red tree!", "red red tree"),
        ("Ёлка й ґанок, Їжак", "елка й ґанок їжак"),
        ("и\u0306од", "йод"),
        ("Ünïcode Straße ΣΊΣΥΦΟΣ", "unicode strasse σισυφοσ"),
        ("日本語 and ไทย", "日 本 語 and ไ ท ย"),
        ("don't stop_here 3.14", "don t stop here 3 14"),
        ("  \n\t", ""),
        ("🎉🎉", ""),
    ],
)
def test_words_are_runs_of_letters_and_digits_folded(text: str, words: str) -> None:
    assert " ".join(words_of(text)) == words


def test_long_words_are_cut_alike_in_texts_and_queries() -> None:
    assert words_of("x" * 1000) == ("x" * LONGEST_WORD,)
    assert parse_query("x" * 200).is_met_by(words_of("x" * 300))


@given(texts)
def test_words_of_words_are_the_same_words(text: str) -> None:
    words = words_of(text)

    assert words_of(" ".join(words)) == words
    assert all(word and "@" not in word and "'" not in word and '"' not in word for word in words)


@given(ascii_texts)
def test_a_text_in_ascii_has_the_words_that_it_has_beside_others(text: str) -> None:
    assert (*words_of(text), "є") == words_of(f"{text} є")


@given(texts)
def test_case_does_not_matter(text: str) -> None:
    assert words_of(text.casefold()) == words_of(text)


def test_a_query_has_words_phrases_beginnings_and_what_must_not_be_there() -> None:
    query = parse_query('red "big house" gard* -blue -"old tree"')

    assert query.phrases == (
        Phrase(("red",)),
        Phrase(("big", "house")),
        Phrase(("gard",), is_open=True),
    )
    assert query.without == (Phrase(("blue",)), Phrase(("old", "tree")))
    wanted = query.wanted(None)
    assert wanted.words == {"red", "big", "house"}
    assert wanted.beginnings == {"gard"}
    assert wanted.without == {"blue"}


@pytest.mark.parametrize(
    ("query", "text", "met"),
    [
        ("red tree", "A tree, red.", True),
        ("red tree", "A tree.", False),
        ('"red tree"', "the RED tree", True),
        ('"red tree"', "tree red tree", True),
        ('"red tree"', "red old tree", False),
        ("2.5", "it is 2.5 m", True),
        ("2.5", "5 and 2", False),
        ("gard*", "gardening", True),
        ("gard*", "regard", False),
        ("red -tree", "red", True),
        ("red -tree", "red tree", False),
        ('red -"old tree"', "red tree, old", True),
        ('red -"old tree"', "red: old tree", False),
        ("red -gard*", "red gardener", False),
        ("本語", "日本語", True),
        ("語本", "日本語", False),
        ('"unclosed phrase', "an unclosed phrase", True),
        ("foo:bar", "foo bar", True),
        ("from: nobody", "nobody is from here", True),
    ],
)
def test_a_text_meets_a_query(query: str, text: str, *, met: bool) -> None:
    assert parse_query(query).is_met_by(words_of(text)) is met


def test_filters_name_author_room_and_days() -> None:
    query = parse_query('From:@alice in:"#garden" BEFORE:2026-03-01 after:2026-01-31')

    assert (query.author, query.room) == ("alice", "garden")
    assert query.until == datetime(2026, 3, 1, tzinfo=UTC)
    assert query.since == datetime(2026, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "  ",
        "-red",
        "🎉",
        "in:garden",
        "before:2026-01-01",
        "red before:yesterday",
        "red before:2026-02-30",
        "red after:9999-12-31",
        "red after:٢٠٢٦-01-01",
        "red before:20260101",
        "red from:alice from:bob",
        "red -from:alice",
        "red from:@",
        'red in:""',
        "red\0",
        "\ud800",
        "x" * 251,
        " ".join(["red"] * 21),
        "日" * 21,
    ],
)
def test_a_query_that_makes_no_sense_is_refused(query: str) -> None:
    with pytest.raises(InvalidField) as refused:
        parse_query(query)

    assert refused.value.field == "query"


def test_a_snippet_marks_the_hits() -> None:
    assert snippet("the Red tree", parse_query("red")) == ["the ", "Red", " tree"]
    assert snippet("red red", parse_query("red*")) == ["", "red", " ", "red", ""]
    assert snippet("nothing here", parse_query("from:me")) == ["nothing here"]
    assert snippet("Straße ½x", parse_query("strasse")) == ["", "Straße", " ½x"]


def test_a_long_text_is_cut_around_the_first_hit() -> None:
    text = "word " * 100 + "Needle " + "word " * 100

    parts = snippet(text, parse_query("needle"))

    assert parts[1] == "Needle"
    assert parts[0].startswith("… word")
    assert parts[-1].endswith(" …")
    assert 100 < len("".join(parts)) < 170


@given(texts, st.sampled_from(["red", "e*", '"a b"', "и", "from:me", "1"]))
def test_a_snippet_of_a_short_text_is_the_text(text: str, query: str) -> None:
    import unicodedata

    parts = snippet(text, parse_query(query), length=400)

    assert "".join(parts) == unicodedata.normalize("NFC", text)
    assert len(parts) % 2 == 1


def test_a_beginning_has_three_letters_at_least() -> None:
    assert parse_query("red*").phrases == (Phrase(("red",), is_open=True),)
    assert parse_query("re*").phrases == (Phrase(("re",)),)
