"""Messages as safe HTML: a small Markdown, then a whitelist.

Two walls against stored scripts: the parser escapes all HTML that is typed, and the sanitiser
drops whatever is not on its list, should the parser ever be wrong.
"""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}

# Text without any of these is the same marked up as not: most messages, at no cost.
_MARKS = re.compile(r"[*_`~>\[<]|^[ \t]*([-+]|\d+[.)])\s|://", re.MULTILINE)

# The parser's time grows with the square of these: more of them are no markup but an attack.
_DELIMITERS = re.compile(r"[*_~`\[\]]")
MOST_DELIMITERS = 1_000
_LINKS = re.compile(r"://")
MOST_LINKS = 200
# Deeper than this the parser drops what is inside, and with it what somebody said.
# Each line of a list costs as much as a short message.
MOST_LINES = 400
_TOO_DEEP = re.compile(r"^[ \t]*((>|[-+*]|\d{1,9}[.)])[ \t]*){20}|^[ \t]{90}", re.MULTILINE)

_markdown = (
    MarkdownIt("zero", {"html": False, "linkify": True, "breaks": True, "maxNesting": 100})
    .enable(["emphasis", "strikethrough", "backticks", "fence", "blockquote", "list"])
    .enable(["link", "autolink", "linkify", "newline", "escape", "entity"])
)
# Only what says that it is a link is one: guessing costs more than all the rest, and errs.
_linkify = _markdown.linkify
assert _linkify is not None
_linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})


@lru_cache(maxsize=512)  # The same pages are read again and again.
def to_html(text: str) -> str | None:
    """Safe HTML, or None where the plain text says it all."""
    if not _MARKS.search(text) or _is_too_much(text):
        return None
    return nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    ).strip()


def _is_too_much(text: str) -> bool:
    return (
        len(_DELIMITERS.findall(text)) > MOST_DELIMITERS
        or len(_LINKS.findall(text)) > MOST_LINKS
        or text.count("\n") > MOST_LINES
        or _TOO_DEEP.search(text) is not None
    )
