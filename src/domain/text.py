"""What text may be, so that every store can hold it and give it back unchanged.

NUL and lone surrogates are refused here, at the domain's border: PostgreSQL cannot store the
first, UTF-8 cannot encode the second, and SQLite and MongoDB would each do something else.
"""

import re
import unicodedata

from domain.errors import InvalidField

TOPIC_LENGTH = 250
DISPLAY_NAME_LENGTH = 64
KEY_LENGTH = 64
MENTION = re.compile(r"(?<![\w@/.])@(\w[\w.\-]{0,31})")


def checked_text(field: str, value: str, *, longest: int) -> str:
    """The text of a message: anything but blank, 1 to `longest` characters, lines kept."""
    _refuse_unstorable(field, value)
    if not value.strip():
        raise InvalidField(field, "must not be empty")
    if len(value) > longest:
        raise InvalidField(field, f"is longer than {longest} characters")
    return value


def checked_line(field: str, value: str, *, longest: int, required: bool = False) -> str:
    """One line of plain text without control characters; blanks around it are dropped."""
    _refuse_unstorable(field, value)
    line = unicodedata.normalize("NFC", value).strip()
    if required and not line:
        raise InvalidField(field, "must not be empty")
    if len(line) > longest:
        raise InvalidField(field, f"is longer than {longest} characters")
    if any(unicodedata.category(character) in _UNPRINTABLE for character in line):
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
    names = {fold(match) for match in MENTION.findall(text)}
    return frozenset(names | {name.rstrip(".-") for name in names})


def fold(text: str) -> str:
    """The form in which names are compared: without regard to case or to ways of encoding."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())


def is_storable(value: str) -> bool:
    """Whether every store can hold this text."""
    return "\0" not in value and not _SURROGATE.search(value)


_SURROGATE = re.compile("[\ud800-\udfff]")

# Cc control, Cf format (zero-width, right-to-left overrides), Zl and Zp line separators.
_UNPRINTABLE = frozenset({"Cc", "Zl", "Zp"})


def _refuse_unstorable(field: str, value: str) -> None:
    if not is_storable(value):
        raise InvalidField(field, "must not contain NUL or lone surrogates")
