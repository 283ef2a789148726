"""Names that people and rooms bear: unmistakable to the eye, equal without regard to case."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from domain.errors import InvalidField
from domain.text import fold, is_invisible, is_storable

LONGEST = 32
MOST_MARKS = 4  # on one letter (Unicode TR 39, §5.4)

# Scripts that are written together in one language count as one (Unicode TR 39, §5.1).
_SCRIPT_OF_WRITING = {"CJK": "east", "HIRAGANA": "east", "KATAKANA": "east", "HANGUL": "east"}


@dataclass(frozen=True, slots=True)
class Username:
    """1 to 32 characters: a letter, then letters of the same script, digits, `_`, `.`, `-`."""

    value: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _checked_name("username", self.value))

    @property
    def folded(self) -> str:
        """The form that is unique among all people."""
        return fold(self.value)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class RoomName:
    """As `Username`; unique among rooms."""

    value: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _checked_name("name", self.value))

    @property
    def folded(self) -> str:
        """The form that is unique among all rooms."""
        return fold(self.value)

    def __str__(self) -> str:
        return self.value


def sought(raw: str) -> str | None:
    """The folded form of what somebody typed to find a name, or a part of one. None if nothing
    can be called that; said before folding, whose time grows with the square of the length."""
    return fold(raw) if len(raw) <= 4 * LONGEST and is_storable(raw) else None


@lru_cache(maxsize=8192)  # Names come back with every row that is read.
def _checked_name(field: str, raw: str) -> str:
    if not raw:
        raise InvalidField(field, "must not be empty")
    if len(raw) > 4 * LONGEST:  # Before normalising: 10,000 combining marks cost nothing.
        raise InvalidField(field, f"is longer than {LONGEST} characters")
    name = unicodedata.normalize("NFC", raw)
    if len(name) > LONGEST:
        raise InvalidField(field, f"is longer than {LONGEST} characters")
    if not _is_letter(name[0]):
        raise InvalidField(field, "must start with a letter")
    if unicodedata.normalize("NFKC", name) != name:
        raise InvalidField(field, "contains a character that looks like another one")
    _check_characters(field, name)
    # Foreign digits look like others too; those of ASCII go with every alphabet.
    marked = (each for each in name if _is_letter(each) or (each.isdigit() and each > "\x7f"))
    if len({_script(character) for character in marked}) > 1:
        raise InvalidField(field, "mixes letters of different alphabets")
    return name


def _check_characters(field: str, name: str) -> None:
    marks = 0
    for before, character in pairwise(name):
        if _is_mark(character) and not (_is_letter(before) or _is_mark(before)):
            raise InvalidField(field, "has an accent without a letter")
        if not (_is_letter(character) or _is_mark(character) or _may_follow(character)):
            raise InvalidField(field, f"may not contain {_shown(character)}")
        marks = marks + 1 if _is_mark(character) else 0
        if marks > MOST_MARKS:
            raise InvalidField(field, "has too many accents on one letter")


def _is_letter(character: str) -> bool:
    category = unicodedata.category(character)
    return category in {"Lu", "Ll", "Lt", "Lo"} and not is_invisible(character)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Mc"} and not is_invisible(character)


def _may_follow(character: str) -> bool:
    return unicodedata.category(character) == "Nd" or character in "_.-"


def _script(letter: str) -> str:
    # The standard library has no script property, but a letter's name starts with its script.
    script = re.split("[ -]", unicodedata.name(letter, "UNKNOWN"), maxsplit=1)[0]
    return _SCRIPT_OF_WRITING.get(script, script)


def _shown(character: str) -> str:
    if character.isspace():
        return "spaces"
    if character.isprintable() and not is_invisible(character):
        return character
    return f"U+{ord(character):04X}"
