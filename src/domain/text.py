"""What text may be, so that every store can hold it and give it back unchanged.

NUL and lone surrogates are refused here, at the domain's border: PostgreSQL cannot store the
first, UTF-8 cannot encode the second, and SQLite and MongoDB would each do something else.
"""

import re
import unicodedata
from itertools import takewhile

from domain.errors import InvalidField

TOPIC_LENGTH = 250
DISPLAY_NAME_LENGTH = 64
KEY_LENGTH = 64
MENTION = re.compile(r"(?<![\w@/.])@(\w[^\s@]{0,127})")


def checked_text(field: str, value: str, *, longest: int) -> str:
    """The text of a message: anything but blank, 1 to `longest` characters, lines kept."""
    _refuse_unstorable(field, value)
    if len(value) > longest:
        raise InvalidField(field, f"is longer than {longest} characters")
    if is_blank(value):
        raise InvalidField(field, "must not be empty")
    return value


def checked_line(field: str, value: str, *, longest: int, required: bool = False) -> str:
    """One line of plain text without control characters; blanks around it are dropped."""
    _refuse_unstorable(field, value)
    if len(value) > 4 * longest:  # Before normalising: sorting 10^6 combining marks takes minutes.
        raise InvalidField(field, f"is longer than {longest} characters")
    line = unicodedata.normalize("NFC", value).strip()
    if required and is_blank(line):
        raise InvalidField(field, "must not be empty")
    if len(line) > longest:
        raise InvalidField(field, f"is longer than {longest} characters")
    if _DIRECTING.search(line) or any(map(_is_unprintable, line)):
        raise InvalidField(field, "must be one line without control characters")
    return line


def checked_key(key: str) -> str:
    """A client's own key of a post: 1 to 64 printable ASCII characters."""
    if not 1 <= len(key) <= KEY_LENGTH:
        raise InvalidField("key", f"must have 1 to {KEY_LENGTH} characters")
    if not (key.isascii() and key.isprintable()):
        raise InvalidField("key", "must be printable ASCII")
    return key


def mentioned_names(text: str) -> frozenset[str]:
    """The folded names written as `@name`, whether or not anybody bears them.

    A full stop or a dash at the end belongs to the sentence: both readings are given.
    """
    if "@" not in text:
        return frozenset()
    names = {fold("".join(takewhile(_is_in_names, match))) for match in MENTION.findall(text)}
    return frozenset(names | {name.rstrip(".-") for name in names})


def fold(text: str) -> str:
    """The form in which names are compared: without regard to case or to ways of encoding."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())


def is_blank(value: str) -> bool:
    """Whether nothing of it can be seen."""
    if _PLAINLY_VISIBLE.search(value):
        return False
    return all(character.isspace() or is_invisible(character) for character in value)


def is_invisible(character: str) -> bool:
    """Whether it is drawn as nothing, be it a letter, an accent or a control in Unicode's eyes."""
    return _INVISIBLE.match(character) is not None


def is_storable(value: str) -> bool:
    """Whether every store can hold this text."""
    return "\0" not in value and (value.isascii() or not _SURROGATE.search(value))


_SURROGATE = re.compile("[\ud800-\udfff]")

# Cc control, Zl and Zp line separators. Cf is not here: emoji and Persian need its joiners.
_UNPRINTABLE = frozenset({"Cc", "Zl", "Zp"})

# Right-to-left overrides and their like: they would turn round what stands beside the line.
_DIRECTING = re.compile("[\u202a-\u202e\u2066-\u2069]")

# Most texts have some of ASCII, and one look finds it.
_PLAINLY_VISIBLE = re.compile("[!-~]")

# Default_Ignorable_Code_Point in Unicode's DerivedCoreProperties.txt.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def _is_unprintable(character: str) -> bool:
    return unicodedata.category(character) in _UNPRINTABLE


def _is_in_names(character: str) -> bool:
    # `\w` of the standard library leaves out the vowel signs of Indic scripts and lone accents.
    return (
        character.isalnum() or character in "_.-" or unicodedata.category(character) in {"Mn", "Mc"}
    )


def _refuse_unstorable(field: str, value: str) -> None:
    if not is_storable(value):
        raise InvalidField(field, "must not contain NUL or lone surrogates")
