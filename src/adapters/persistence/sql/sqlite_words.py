"""The word index in SQLite: FTS5.

A row's id is made of its room and its seq, so that the posts of a room stand together, in order,
and the latest hits are the first that it finds. Words begin with their room, too: else whoever
asks for `a*` would have all words of all rooms gathered. Rooms have numbers for that; a trigger
gives them.

For a beginning, FTS5 gathers all posts that have a word of it before it gives the first: a third of
a second for what stands in each of a million. So the latest posts are gone through before; and
where few posts have the other words that are asked for, those.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    column,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
)

from adapters.persistence.sql.messages import messages_from
from adapters.persistence.sql.prepared import Values
from adapters.persistence.sql.schema import Id, Seq, Time, messages
from adapters.persistence.sql.statements import as_values, has_part
from adapters.persistence.sql.word_index import FAR_SEQ, Beginnings, WordIndex, by_author
from domain.search import Wanted

# So many of the latest seqs are gone through before a beginning is asked for: two milliseconds. And
# so many posts that have the other words.
LOOKED_THROUGH = 1_000
FEW = 1_000

_ROOM = "#"  # No word has it: it stands for the room's number until SQLite puts that there.

_words = table("message_words", column("rowid", Seq), column("words", Text()))
_rooms = table("message_words_rooms", column("number", Seq), column("room_id", Id))

_FIRST = (
    select(_rooms.c.number * literal_column(str(FAR_SEQ + 1)))
    .where(_rooms.c.room_id == bindparam("room", type_=Id))
    .scalar_subquery()
)
_NUMBER = (
    select(_rooms.c.number).where(_rooms.c.room_id == bindparam("room", type_=Id)).scalar_subquery()
)


def _in_room(parameter: str) -> ColumnElement[str]:
    """The text, with the room's number for each placeholder."""
    number = func.coalesce(_NUMBER, 0).concat(".")
    return func.replace(bindparam(parameter, type_=Text()), _ROOM, number)


_SEQ = _words.c.rowid.op("&")(literal_column(str(FAR_SEQ)))
_MATCHES = literal_column("message_words").op("MATCH")(_in_room("query"))
_MATCHES_WHOLE = literal_column("message_words").op("MATCH")(_in_room("whole"))
_since, _until = bindparam("since", type_=Time), bindparam("until", type_=Time)


def _written(words: Iterable[str]) -> str:
    return _ROOM + f" {_ROOM}".join(sorted(words))


def _added(posts: Sequence[tuple[str, int, str]]) -> list[Values]:
    return [{"room": room_id, "seq": seq, "words": words} for room_id, seq, words in posts]


def _asked(wanted: Wanted) -> Values:
    """`query` for FTS5, and `whole` without its beginnings, which FTS5 does not take if nothing is
    left; `all` and `none` for who goes through the words of posts."""
    by = {by_author(wanted.author_id)} if wanted.author_id else set()
    whole = sorted(wanted.words) + sorted(by)
    begun, without = sorted(wanted.beginnings), sorted(wanted.without)
    terms = [f'"{_ROOM}{word}"' for word in whole]
    beginnings = [f'"{_ROOM}{part}" *' for part in begun]
    refused = "".join(f' NOT "{_ROOM}{word}"' for word in without)
    return {
        "query": f"({' AND '.join([*terms, *beginnings])}){refused}",
        "whole": f"({' AND '.join(terms)}){refused}",
        "all": as_values([*map(_between_blanks, whole), *(f" {_ROOM}{part}" for part in begun)]),
        "none": as_values([*map(_between_blanks, without)]),
    }


def _between_blanks(word: str) -> str:
    return f" {_ROOM}{word} "


def _stand(parameter: str, *, in_words: bool) -> ColumnElement[bool]:
    """Of what is given, something that stands in the words of a post, or that does not."""
    each = func.json_each(_in_room(parameter)).table_valued("value", name=f"{parameter}_given")
    stands = has_part(literal(" ").concat(_words.c.words).concat(" "), each.c.value)
    return exists(select(each.c.value).where(stands if in_words else ~stands))


_since_first = _FIRST + bindparam("first")
_is_before = _words.c.rowid < _FIRST + bindparam("before")
_last = select(_words.c.rowid).where(_is_before).order_by(_words.c.rowid.desc()).limit(1)
_near = _last.scalar_subquery() - literal_column(str(LOOKED_THROUGH))


def _posts(lowest: ColumnElement[int], *conditions: ColumnElement[bool]) -> Select[Any]:
    """FTS5 goes by one lower bound only."""
    is_message = and_(messages.c.room_id == bindparam("room", type_=Id), messages.c.seq == _SEQ)
    return (
        messages_from(_words.join(messages, is_message))
        .where(_words.c.rowid >= lowest, _is_before, *conditions)
        .where(messages.c.at >= _since, messages.c.at < _until)
        .order_by(_words.c.rowid.desc())
        .limit(bindparam("limit"))
    )


_NOT_MISSING = ~_stand("all", in_words=False)
_NOT_REFUSED = ~_stand("none", in_words=True)

_few = (
    select(_words.c.rowid)
    .where(_words.c.rowid >= _since_first, _is_before, _MATCHES_WHOLE)
    .limit(literal_column(str(FEW + 1)))
    .subquery("few")
)

INDEX = WordIndex(
    add=insert(_words).values(rowid=_FIRST + bindparam("seq"), words=_in_room("words")),
    forget=delete(_words).where(
        _words.c.rowid.between(_FIRST + bindparam("first"), _FIRST + bindparam("last"))
    ),
    find=_posts(_since_first, _MATCHES),
    beginnings=Beginnings(
        find_latest=_posts(func.max(_since_first, _near), _NOT_MISSING, _NOT_REFUSED),
        find_among_few=_posts(_since_first, _MATCHES_WHOLE, _NOT_MISSING),
        count_few=select(func.count().label("count")).select_from(_few),
        few=FEW,
    ),
    added=_added,
    written=_written,
    asked=_asked,
)
