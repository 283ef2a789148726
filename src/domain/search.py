"""Searching: what a text is found by, and what somebody asks for.

Databases differ in what they hold to be a word, so they are given words that were made here, from
texts and from queries in the same way: the hits are the same on all of them.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from functools import lru_cache

from domain.errors import InvalidField
from domain.ids import UserId
from domain.text import is_storable

LONGEST_QUERY = 250
MOST_WORDS = 20
SHORTEST_BEGINNING = 3
LONGEST_LETTER = 4
LONGEST_WORD = 64  # Longer ones are cut, in texts and queries alike: PostgreSQL refuses 2 KiB.

# Letters of their own to who reads them, not accented ones.
_NOT_ACCENTED = frozenset("йїўґ")

# Scripts without blanks between the words: each letter counts as a word, several as a phrase.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"(?=[^\W_])[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_ASCII_WORD = re.compile("[a-z0-9]+")  # The same in a text that has nothing else, much faster.
_TERM = re.compile(r'(-?)(?:(from|in|before|after):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another; the last one is only the beginning of a word if
    `is_open`."""

    words: Words
    is_open: bool = False

    def is_in(self, words: str) -> bool:
        """Whether it stands in a text's words, as `spaced` writes them."""
        written = spaced(self.words)
        return (written[:-1] if self.is_open else written) in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a store can find by its index: posts that have all the `words`, words that begin with
    each of the `beginnings`, none of the words `without`, were written by the author, and from
    `since` on but before `until`. At least one word, beginning or author is given."""

    words: frozenset[str] = frozenset()
    beginnings: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    author_id: UserId | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def has_whole(self) -> bool:
        """Whether an index finds it by something that it keeps as it is."""
        return bool(self.words or self.author_id)

    def is_timely(self, at: datetime) -> bool:
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A parsed query. `author` and `room` are names as they were typed, `me` among them."""

    phrases: tuple[Phrase, ...]
    without: tuple[Phrase, ...]
    author: str | None = None
    room: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def wanted(self, author_id: UserId | None) -> Wanted:
        """What may match; `is_met_by` tells which of it does."""
        open_ends = {phrase.words[-1] for phrase in self.phrases if phrase.is_open}
        whole = {
            word
            for phrase in self.phrases
            for word in (phrase.words[:-1] if phrase.is_open else phrase.words)
        }
        single = {p.words[0] for p in self.without if len(p.words) == 1 and not p.is_open}
        return Wanted(
            words=frozenset(whole),
            beginnings=frozenset(open_ends),
            without=frozenset(single),
            author_id=author_id,
            since=self.since,
            until=self.until,
        )

    @property
    def is_left_open(self) -> bool:
        """Whether an index cannot decide alone, because words must follow one another."""
        return any(len(phrase.words) > 1 for phrase in (*self.phrases, *self.without)) or any(
            phrase.is_open for phrase in self.without
        )

    def is_met_by(self, words: Words) -> bool:
        """Whether a text of these words has all the phrases, and none that it must not have."""
        text = spaced(words)
        return all(phrase.is_in(text) for phrase in self.phrases) and not any(
            phrase.is_in(text) for phrase in self.without
        )


def words_of(text: str) -> Words:
    """The words of a text in their order, without regard to case and accents."""
    words = _ASCII_WORD if text.isascii() else _WORD
    return tuple([word[:LONGEST_WORD] for word in words.findall(_folded(text))])


def spaced(words: Words) -> str:
    """Words with a blank around each, so that looking for some of them finds whole ones."""
    return f" {' '.join(words)} "


def parse_query(text: str) -> Query:
    """`words` that must all be there, `begin*` (three letters at least), `"a phrase"`, `-not`,
    `from:name`, `from:me`, `in:room`, `before:2026-11-20` and `after:2026-11-20`, both without that
    day, in UTC. Raises `InvalidField`."""
    if not is_storable(text) or len(text) > LONGEST_QUERY:
        raise InvalidField("query", f"must be 1 to {LONGEST_QUERY} characters")
    phrases: list[Phrase] = []
    without: list[Phrase] = []
    filters: dict[str, str] = {}
    for minus, name, quoted, bare in _TERM.findall(text):
        if name:
            _take_filter(filters, name.lower(), quoted or bare, negated=bool(minus))
            continue
        words = words_of(quoted or bare)
        if words:
            phrase = Phrase(words, is_open=not quoted and _is_beginning(bare, words))
            (without if minus else phrases).append(phrase)
    if not phrases and "from" not in filters:
        raise InvalidField("query", "needs a word to look for, or from:somebody")
    if sum(len(phrase.words) for phrase in (*phrases, *without)) > MOST_WORDS:
        raise InvalidField("query", f"has more than {MOST_WORDS} words")
    since = _day("after", filters.get("after"))
    return Query(
        phrases=tuple(phrases),
        without=tuple(without),
        author=filters.get("from"),
        room=filters.get("in"),
        since=since and since + timedelta(days=1),
        until=_day("before", filters.get("before")),
    )


def snippet(text: str, query: Query, *, length: int = 160) -> list[str]:
    """About `length` characters of the text around its first hit: what is not a hit and what is
    by turns, so that every second part is to be marked."""
    text = unicodedata.normalize("NFC", text)
    hits = _hits(text, query)
    first = hits[0][0] if hits else 0
    start = _start(text, max(0, first - length // 3)) if len(text) > length else 0
    end = min(len(text), start + length)
    parts, place = ["… " if start else ""], start
    for hit_start, hit_end in hits:
        if start <= hit_start and hit_end <= end:
            parts[-1] += text[place:hit_start]
            parts += [text[hit_start:hit_end], ""]
            place = hit_end
    parts[-1] += text[place:end] + (" …" if end < len(text) else "")
    return parts


def _is_beginning(term: str, words: Words) -> bool:
    # Of few letters, half of all texts have a word that begins so. It is meant as it stands.
    return term.endswith("*") and len(words[-1]) >= SHORTEST_BEGINNING


def _take_filter(filters: dict[str, str], name: str, value: str, *, negated: bool) -> None:
    value = value.lstrip("@#")
    if negated:
        raise InvalidField("query", f"cannot have a minus before {name}:")
    if name in filters:
        raise InvalidField("query", f"has {name}: twice")
    if not value:
        raise InvalidField("query", f"says nothing after {name}:")
    filters[name] = value


def _day(name: str, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            raise ValueError
        day = datetime.fromisoformat(value).replace(tzinfo=UTC)
        if day.year == MAXYEAR:
            raise ValueError  # A day more must be a date, too.
        return day
    except ValueError:
        raise InvalidField("query", f"needs a day like 2026-11-20 after {name}:") from None


def _hits(text: str, query: Query) -> list[tuple[int, int]]:
    """Where the words of the query are in the text, as (start, end)."""
    whole = {word for phrase in query.phrases for word in phrase.words}
    begun = tuple(phrase.words[-1] for phrase in query.phrases if phrase.is_open)
    # Folding may make more or fewer characters: whence each of them comes is written down.
    folded = [_folded_letter(letter) for letter in text]
    origins = [place for place, letters in enumerate(folded) for _ in letters]
    spans = []
    for match in _WORD.finditer("".join(folded)):
        word = match[0][:LONGEST_WORD]
        if word in whole or word.startswith(begun):
            spans.append((origins[match.start()], origins[match.end() - 1] + 1))
    return _ascending(spans)


def _ascending(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without those that begin within the one before: one letter may hold two words."""
    found: list[tuple[int, int]] = []
    for span in spans:
        if not found or span[0] >= found[-1][1]:
            found.append(span)
    return found


def _start(text: str, place: int) -> int:
    """The beginning of a word at or after `place`, if there is one nearby."""
    blank = text.find(" ", place, place + 20) if place else -1
    return blank + 1 if blank >= 0 else place


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return "".join(map(_folded_letter, unicodedata.normalize("NFC", text)))


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    lowered = letter.casefold()
    if lowered in _NOT_ACCENTED:
        return lowered
    apart = unicodedata.normalize("NFKD", lowered).casefold()
    folded = "".join(each for each in apart if unicodedata.category(each) != "Mn")
    # One letter of Arabic stands for four words. A text of them would be a book.
    return folded if len(folded) <= LONGEST_LETTER else lowered
