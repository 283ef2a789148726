"""The Markdown parser, with its steps counted.

Its time grows with the square of some texts: each `[` reads on to its bracket, each `](` to its
closing one, each line of a quote is tried once for every level. Which texts those are is not to
be guessed from outside, so what it does is counted, and a text that is too much is given up.
Steps, not seconds: the same text is the same HTML on every machine, however busy.
"""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt, helpers
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

# What each thing costs, in steps: about a tenth of a microsecond each, as measured.
PER_LETTER = 3
PER_BREAK = 6
PER_LINE = 80
PER_TOKEN = 40
PER_DELIMITER = 60
PER_SKIP = 8
PER_LINK = 200

Take = Callable[[int], None]

# What linkify looks at: each is tried, whether or not it becomes a link.
_LINKS = re.compile(r"//|mailto:", re.IGNORECASE)


class TooMuch(Exception):
    """The text costs more steps than it may."""


class CountingParser:
    """`most` are the steps that one text may cost, `taken` those that all have cost so far."""

    def __init__(self, most: int) -> None:
        self.taken = 0
        self._most = most
        self._end = most
        self._markdown = _markdown(self._take)

    def render(self, text: str) -> str:
        """HTML in which only what the parser itself writes is markup. Raises `TooMuch`."""
        self._end = self.taken + self._most
        self._take(PER_LETTER * len(text) + PER_BREAK * text.count("\n"))
        self._take(PER_LINK * len(_LINKS.findall(text)))
        return str(self._markdown.render(text))

    def _take(self, steps: int) -> None:
        self.taken += steps
        if self.taken > self._end:
            raise TooMuch


def _markdown(take: Take) -> MarkdownIt:
    markdown = _CountedMarkdown(take)
    markdown.enable(["emphasis", "strikethrough", "backticks", "fence", "blockquote", "list"])
    markdown.enable(["link", "autolink", "linkify", "newline", "escape", "entity"])
    # Only what says that it is a link is one: guessing costs more than all the rest, and errs.
    assert markdown.linkify is not None
    markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})

    def line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        take(PER_LINE)
        return False

    def token(state: StateInline, silent: bool) -> bool:
        marker = state.src[state.pos]
        take(PER_TOKEN)
        if marker in "*_~":
            take(PER_DELIMITER * _run(state, marker))
        elif marker == ":":  # The scheme of a link is looked for in all that stands before.
            take(len(state.pending) // 2)
        return False

    # Before all others, and wherever it is asked whether a paragraph, quote or list goes on.
    goes_on = ["paragraph", "blockquote", "list"]
    markdown.block.ruler.before("fence", "count", line, {"alt": goes_on})
    markdown.inline.ruler.before("text", "count", token)
    return markdown


def _run(state: StateInline, marker: str) -> int:
    """How often the marker stands here in a row: each becomes a delimiter of its own."""
    end = state.pos
    while end < state.posMax and state.src[end] == marker:
        end += 1
    return end - state.pos


class _CountedMarkdown(MarkdownIt):
    def __init__(self, take: Take) -> None:
        super().__init__()
        self._take = take
        self.inline = _CountedInline(take)
        self.helpers = _CountedHelpers(take)  # type: ignore[assignment]  # else their module
        self.configure("zero", {"linkify": True, "breaks": True, "maxNesting": 100})

    def normalizeLink(self, url: str) -> str:  # noqa: N802  # markdown-it's name
        self._take(PER_LINK + len(url))
        return super().normalizeLink(url)


class _CountedInline(ParserInline):
    def __init__(self, take: Take) -> None:
        super().__init__()
        self._take = take

    def skipToken(self, state: StateInline) -> None:  # noqa: N802  # markdown-it's name
        self._take(PER_SKIP)
        super().skipToken(state)


class _CountedHelpers:
    """markdown-it's own: each may read the rest of the text, for each link that is tried."""

    parseLinkLabel = staticmethod(helpers.parseLinkLabel)  # noqa: N815  # markdown-it's name

    def __init__(self, take: Take) -> None:
        self._take = take

    def parseLinkDestination(  # noqa: N802  # markdown-it's name
        self, text: str, start: int, end: int
    ) -> object:
        found = helpers.parseLinkDestination(text, start, end)
        is_empty = text.startswith((")", " ", "\n"), start)
        self._take((found.pos if found.ok else start if is_empty else end) - start)
        return found

    def parseLinkTitle(self, text: str, start: int, end: int) -> object:  # noqa: N802
        found = helpers.parseLinkTitle(text, start, end)
        begun = text.startswith(('"', "'", "("), start)
        self._take((found.pos if found.ok else end if begun else start) - start)
        return found
