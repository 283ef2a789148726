"""The word index in SQLite: FTS5.

A row's id is made of its room and its seq, so that the posts of a room stand together, in order:
a search looks at no other room, and the latest hits are the first that it finds. Rooms have
numbers for that; a trigger gives them.
"""

from collections.abc import Iterable

from sqlalchemy import Text, and_, bindparam, column, delete, insert, literal_column, select, table

from adapters.persistence.sql.messages import messages_from
from adapters.persistence.sql.schema import Id, Seq, Time, messages
from adapters.persistence.sql.word_index import FAR_SEQ, WordIndex, by_author
from domain.search import Wanted

_words = table("message_words", column("rowid", Seq), column("words", Text()))
_rooms = table("message_words_rooms", column("number", Seq), column("room_id", Id))

_FIRST = (
    select(_rooms.c.number * literal_column(str(FAR_SEQ + 1)))
    .where(_rooms.c.room_id == bindparam("room", type_=Id))
    .scalar_subquery()
)
_SEQ = _words.c.rowid.op("&")(literal_column(str(FAR_SEQ)))
_MATCHES = literal_column("message_words").op("MATCH")(bindparam("query", type_=Text()))
_since, _until = bindparam("since", type_=Time), bindparam("until", type_=Time)


def _written(words: Iterable[str]) -> str:
    return " ".join(sorted(words))


def _asked(wanted: Wanted) -> str:
    whole = [f'"{word}"' for word in sorted(wanted.words)]
    begun = [f'"{beginning}" *' for beginning in sorted(wanted.beginnings)]
    author = [f'"{by_author(wanted.author_id)}"'] if wanted.author_id else []
    query = " AND ".join([*whole, *begun, *author])
    return "".join([f"({query})", *(f' NOT "{word}"' for word in sorted(wanted.without))])


INDEX = WordIndex(
    add=insert(_words).values(
        rowid=_FIRST + bindparam("seq"), words=bindparam("words", type_=Text())
    ),
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
    written=_written,
    asked=_asked,
)
