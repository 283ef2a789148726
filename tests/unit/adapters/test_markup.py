"""Messages as safe HTML: what people mean by their marks, and nothing that runs or stalls."""

import re
from collections.abc import Callable
from cProfile import Profile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.markup.html import _rendered, to_html
from tests.unit.adapters.markup_before import uncounted_html

PROTOCOL = Path(__file__).parents[3] / "docs" / "protocol.md"
REL = 'rel="noopener noreferrer nofollow"'
OURS = (
    r"</?(p|strong|em|s|code|pre|blockquote|ul|ol|li)>|<br>|<ol start=\"\d+\">|</a>"
    rf'|<a (href="(https?:|mailto:|//)[^"<>]*" )?{REL}>'
)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and *italic*", "<p><strong>bold</strong> and <em>italic</em></p>"),
        ("~~gone~~", "<p><s>gone</s></p>"),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("*one*\ntwo", "<p><em>one</em><br>\ntwo</p>"),
        (
            "see https://example.org",
            f'<p>see <a href="https://example.org" {REL}>https://example.org</a></p>',
        ),
    ],
)
def test_marks_become_elements(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    "text", ["hello", "2 + 2", "a.b.c", "привет, как дела?", "    indented", "line\n\nline", "50%"]
)
def test_plain_text_stays_plain(text: str) -> None:
    assert to_html(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<svg onload=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<javascript:alert(1)>",
        "![x](https://example.org/x.png)",
        "**<img src=x onerror=alert(1)>**",
        '[x](https://example.org "><script>")',
        "`</code><script>alert(1)</script>`",
    ],
)
def test_nothing_that_is_typed_becomes_a_script_or_an_image(text: str) -> None:
    html = to_html(text) or ""

    for forbidden in ("<script", "<svg", "<img", 'href="javascript', 'href="data'):
        assert forbidden not in html.lower()


@pytest.mark.parametrize("mark", [">", "-", "1."])
def test_what_is_nested_too_deep_is_shown_as_it_was_typed(mark: str) -> None:
    assert "hello" in (to_html(f"{mark} " * 10 + "hello") or "")
    assert to_html(f"{mark} " * 30 + "hello") is None


# Pieces of Markdown, and of what is meant to break out of it.
PIECES = st.sampled_from(
    [
        *"abcяж 😀\n\t*_~`[]()<>&\\#+-.:/\"'|!@=",
        *("**", "~~", "```\n", "\n- ", "\n> ", "\n1. ", "](", "&lt;", "&#60;"),
        *("https://example.org/?a=b", "<https://a.b>", "mailto:a@b.c", "javascript:"),
        *(
            "<script>",
            "</script>",
            "<img src=x onerror=alert(1)>",
            '" onclick="',
            "data:text/html,",
        ),
    ]
)
ORDINARY = st.lists(PIECES | st.text(max_size=10), max_size=60).map("".join)
NOISE = st.lists(PIECES, min_size=1, max_size=6).map("".join)


@given(ORDINARY)
def test_ordinary_texts_look_as_if_nothing_was_counted(text: str) -> None:
    html = to_html(text)

    assert html in {None, uncounted_html(text)}
    if html is None:  # Then it has no marks, or is nested as nobody would.
        assert not re.search(r"[*_`~>\[<]", text) or re.search(r"([->+*.)][ \t]*){20}|\s{90}", text)


def test_a_manual_as_long_as_a_message_can_be_is_marked_up() -> None:
    manual = (PROTOCOL.read_text() * 2)[:8_000]

    assert to_html(manual) == uncounted_html(manual)


@given(ORDINARY)
def test_no_html_but_ours_comes_out(text: str) -> None:
    html = to_html(text) or ""

    for tag in re.findall(r"<[^>]*>", html):
        assert re.fullmatch(OURS, tag), tag
    assert "<" not in re.sub(OURS, "", html)


ATTACKS = [
    "\n" * 7_990 + "*",
    ">\n" * 4_000,
    "_*" * 4_000,
    "*a_b" * 2_000,
    "*" * 8_000,
    "[](" * 2_600,
    "[]([" * 2_000,
    "[](" * 100 + "a" * 7_700,
    '[](a "' * 1_300,
    "[" * 8_000,
    "[" * 1_000,
    "[<" * 4_000,
    "![" * 4_000,
    "`a``" * 2_000,
    "> " * 4_000,
    ("> " * 19 + "a\n") * 200,
    "- - - - -x\n" * 700,
    "- a\n" * 2_000,
    "http://a " * 880,
    "http://a" * 1_000,
    "://" * 2_600,
    "http://[" * 1_000,
    "mailto:" * 1_100,
    "<a@b.c>" * 1_100,
    "<" * 8_000,
    "&amp;" * 1_600 + "*",
    "\\" * 8_000 + "*",
]


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_no_text_costs_more_than_a_manual(text: str) -> None:
    assert calls_in(_rendered, text) < MOST_CALLS


@given(NOISE)
def test_no_noise_costs_more_than_a_manual(noise: str) -> None:
    text = (noise * 8_000)[:8_000]

    assert calls_in(_rendered, text) < MOST_CALLS


def test_what_is_too_much_is_shown_as_it_was_typed() -> None:
    assert to_html("[" * 8_000) is None
    assert to_html("*hello*") == "<p><em>hello</em></p>"


# What the parser calls for 8,000 letters is a part of it.
MOST_CALLS = 60_000


def calls_in(work: Callable[[str], object], text: str) -> int:
    """How many functions are called: unlike time, the same on every machine."""
    profile = Profile(subcalls=False)
    profile.runcall(work, text)
    return sum(function.callcount for function in profile.getstats())
