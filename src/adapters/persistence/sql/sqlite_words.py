"""The word index in SQLite: FTS5.

A row's id is made of its room and its seq, so that the posts of a room stand together, in order,
and the latest hits are the first that it finds. Words begin with their room, too: else whoever
asks for `a*` would have all words of all rooms gathered. Rooms have numbers for that; a trigger
gives them.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal_column,
    select,
    table,
)

from adapters.persistence.sql.messages import messages_from
from adapters.persistence.sql.prepared import Values
from adapters.persistence.sql.schema import Id, Seq, Time, messages
from adapters.persistence.sql.word_index import FAR_SEQ, WordIndex, by_author
from domain.search import Wanted

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
_since, _until = bindparam("since", type_=Time), bindparam("until", type_=Time)


def _written(words: Iterable[str]) -> str:
    return " ".join([_ROOM + word for word in sorted(words)])


def _added(posts: Sequence[tuple[str, int, str]]) -> list[Values]:
    return [{"room": room_id, "seq": seq, "words": words} for room_id, seq, words in posts]


def _asked(wanted: Wanted) -> str:
    whole = [f'"{_ROOM}{word}"' for word in sorted(wanted.words)]
    begun = [f'"{_ROOM}{beginning}" *' for beginning in sorted(wanted.beginnings)]
    author = [f'"{_ROOM}{by_author(wanted.author_id)}"'] if wanted.author_id else []
    query = " AND ".join([*whole, *begun, *author])
    return "".join([f"({query})", *(f' NOT "{_ROOM}{word}"' for word in sorted(wanted.without))])


INDEX = WordIndex(
    add=insert(_words).values(rowid=_FIRST + bindparam("seq"), words=_in_room("words")),
    forget=delete(_words).where(
        _words.c.rowid.between(_FIRST + bindparam("first"), _FIRST + bindparam("last"))
    ),
    find=messages_from(
        _words.join(
            messages,
            and_(messages.c.room_id == bindparam("room", type_=Id), messages.c.seq == _SEQ),
        )
    )
    .where(_MATCHES, _words.c.rowid > _FIRST, _words.c.rowid < _FIRST + bindparam("before"))
    .where(messages.c.at >= _since, messages.c.at < _until)
    .order_by(_words.c.rowid.desc())
    .limit(bindparam("limit")),
    added=_added,
    written=_written,
    asked=_asked,
)
