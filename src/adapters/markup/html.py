"""A small Markdown, then a whitelist.

Two walls against stored scripts: the parser escapes all HTML that is typed, and the sanitiser
drops whatever is not on its list, should the parser ever be wrong.
"""

import re

import nh3

from adapters.markup.parser import CountingParser, TooMuch
from adapters.markup.renderings import Renderings

TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}

# What one text may cost: some milliseconds. A text of 8,000 characters that
# is dense with marks, as manuals are, comes near it; what people write by hand does not.
MOST_STEPS = 70_000
KEPT_BYTES = 16 * 1024 * 1024

# Text without any of these is the same marked up as not: most messages, at no cost. One look for
# all of them together would take three times as long.
_MARK = re.compile(r"[*_`~>\[<]")
_LIST = re.compile(r"[ \t]*([-+]|\d+[.)])\s")
_LATER_LIST = re.compile(r"\n[ \t]*([-+]|\d+[.)])\s")
_LINK = "://"

# Deeper than this the parser drops what is inside, and with it what somebody said.
_TOO_DEEP = re.compile(r"^[ \t]*((>|[-+*]|\d{1,9}[.)])[ \t]*){20}|^[ \t]{90}", re.MULTILINE)

_parser = CountingParser(MOST_STEPS)
_renderings = Renderings(KEPT_BYTES)


def to_html(text: str) -> str | None:
    """Safe HTML, or None where the plain text says it all, or is too much to mark up."""
    if not _has_marks(text):
        return None
    if text in _renderings:
        return _renderings.get(text)
    html = _rendered(text)
    _renderings.put(text, html)
    return html


def steps_taken() -> int:
    """The work of all renderings since the start, in steps of the parser."""
    return _parser.taken


def _has_marks(text: str) -> bool:
    return bool(
        _MARK.search(text) or _LINK in text or _LIST.match(text) or _LATER_LIST.search(text)
    )


def _rendered(text: str) -> str | None:
    if _TOO_DEEP.search(text):
        return None
    try:
        html = _parser.render(text)
    except TooMuch:
        return None
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    ).strip()
