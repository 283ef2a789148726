"""Messages as safe HTML: what people mean by their marks, and nothing that runs or stalls."""

import time

import pytest

from adapters.markup import MOST_DELIMITERS, to_html

REL = 'rel="noopener noreferrer nofollow"'


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


@pytest.mark.parametrize(
    "text",
    [
        "\n" * 7_990 + "*",
        "_*" * 4_000,
        "_*" * (MOST_DELIMITERS // 2),
        "[](" * 2_600,
        "[" * MOST_DELIMITERS,
        "> " * 4_000,
        "http://a" * 1_000,
        "<" * 8_000,
        "- - - - -x\n" * 700,
    ],
)
def test_no_text_holds_up_the_server(text: str) -> None:
    started = time.process_time()

    to_html(text)

    assert time.process_time() - started < 0.5  # Ten times what the slowest takes.
