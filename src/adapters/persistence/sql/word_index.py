"""The index that search goes by: which words stand in which posts.

The words are made by the domain, so all that a database has to do is to keep them; how differs.
`message_words` holds one row for each living post; the tables below it are the databases' own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Executable

from adapters.persistence.sql.prepared import Values
from domain.ids import UserId
from domain.message import Kind, Message
from domain.search import Wanted, words_of

# Beyond every seq that an index has: SQLite keeps room and seq in one number of 64 bits.
FAR_SEQ = 2**40 - 1


@dataclass(frozen=True, slots=True)
class Beginnings:
    """For a database that is slow to find them, statements that take and give the same as
    `WordIndex.find`, and spare it that, but do not look at everything. `find_latest` looks at the
    latest posts. `find_among_few` looks at the posts that have the whole words; `count_few` tells
    how many those are in the room, without counting beyond `few`, and needs no limit."""

    find_latest: Executable
    find_among_few: Executable
    count_few: Executable
    few: int


@dataclass(frozen=True, slots=True)
class WordIndex:
    """The statements of one kind of database. `add` takes what `added` makes of posts as (room,
    seq, words); `forget` room, first and last. `find` takes room, first, before, since, until,
    limit and what `asked` makes of the words that are wanted, and gives rows as `message_of` reads
    them, the latest first. Words are written as that database reads them."""

    add: Executable
    forget: Executable
    find: Executable
    added: Callable[[Sequence[tuple[str, int, str]]], Sequence[Values]]
    written: Callable[[Iterable[str]], str]
    asked: Callable[[Wanted], Values]
    beginnings: Beginnings | None = None


def indexed_words(message: Message) -> set[str]:
    """What a post is found by: its words and its author. Empty for all that is not found."""
    if message.kind is not Kind.POSTED or message.deleted:
        return set()
    by = {by_author(message.author.id)} if message.author else set()
    return by.union(words_of(message.text))


def by_author(author_id: UserId) -> str:
    """What stands among the words for the author. No word begins like that."""
    return f"@{author_id.replace('-', '')}"
