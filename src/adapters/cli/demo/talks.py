"""What is said in the demo: conversations by hand, a file per language beside this one.

A conversation is a list of lines. `who` numbers its speakers from 1; 0 is the account to sign in
as. `to` is the line that it replies to, counted from 1. `was` is its wording before it was edited;
`gone` says that it is deleted later. In the text, `@2` mentions speaker 2, and of `{one|another}`
each telling takes the next, the same one in all of the conversation.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path

import msgspec

LANGUAGES = ("en", "ru", "uk")
VISITOR = 0

_MENTION = re.compile(r"@(\d)")
_ALTERNATIVES = re.compile(r"\{([^{}]*\|[^{}]*)\}")


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    who: int
    text: str
    to: int | None = None
    was: str | None = None
    gone: bool = False


Talk = tuple[Line, ...]


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a room is about, and the conversations that belong there."""

    name: str
    topic: str
    talks: tuple[Talk, ...]


class Direct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lines: Talk


class Phrasebook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is said in one language."""

    rooms: tuple[Theme, ...]
    direct: tuple[Direct, ...] = ()

    @property
    def talks(self) -> list[Talk]:
        return [talk for theme in self.rooms for talk in theme.talks]


@cache
def phrasebook(language: str) -> Phrasebook:
    file = Path(__file__).with_name(f"{language}.toml")
    return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Phrasebook)


def themes() -> Iterator[tuple[str, str, Theme]]:
    """No end of languages, names of rooms and themes, the languages in turn; the second time
    around the names have numbers."""
    books = {language: phrasebook(language).rooms for language in LANGUAGES}
    for turn in count(1):
        for row in zip(*books.values(), strict=True):
            for language, theme in zip(books, row, strict=True):
                yield language, theme.name if turn == 1 else f"{theme.name}-{turn}", theme


def calls_visitor(talk: Talk) -> bool:
    return any(f"@{VISITOR}" in line.text for line in talk)


def worded(text: str, names: dict[int, str], variant: int) -> str:
    """The text with the names of those it mentions, in one of its variants."""

    def one(found: re.Match[str]) -> str:
        alternatives = found[1].split("|")
        return alternatives[variant % len(alternatives)]

    return _MENTION.sub(lambda found: f"@{names[int(found[1])]}", _ALTERNATIVES.sub(one, text))
