"""The word index in PostgreSQL: a tsvector made of our own words, under GIN."""

from collections.abc import Iterable

from sqlalchemy import (
    Text,
    and_,
    bindparam,
    cast,
    column,
    delete,
    insert,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from adapters.persistence.sql.messages import messages_from
from adapters.persistence.sql.schema import Id, Seq, Time, messages
from adapters.persistence.sql.word_index import WordIndex, by_author
from domain.search import Wanted

_words = table(
    "message_words", column("room_id", Id), column("seq", Seq), column("words", TSVECTOR())
)
_IN_ROOM = _words.c.room_id == bindparam("room", type_=Id)
_query = cast(bindparam("query", type_=Text()), TSQUERY)
_since, _until = bindparam("since", type_=Time), bindparam("until", type_=Time)


def _written(words: Iterable[str]) -> str:
    return " ".join(f"'{word}'" for word in sorted(words))


def _asked(wanted: Wanted) -> str:
    whole = [f"'{word}'" for word in sorted(wanted.words)]
    begun = [f"'{beginning}':*" for beginning in sorted(wanted.beginnings)]
    author = [f"'{by_author(wanted.author_id)}'"] if wanted.author_id else []
    return " & ".join([*whole, *begun, *author, *(f"!'{word}'" for word in sorted(wanted.without))])


INDEX = WordIndex(
    add=insert(_words).values(
        room_id=bindparam("room", type_=Id),
        seq=bindparam("seq", type_=Seq),
        words=cast(bindparam("words", type_=Text()), TSVECTOR),
    ),
    forget=delete(_words).where(
        _IN_ROOM, _words.c.seq.between(bindparam("first"), bindparam("last"))
    ),
    find=messages_from(
        _words.join(
            messages,
            and_(messages.c.room_id == _words.c.room_id, messages.c.seq == _words.c.seq),
        )
    )
    .where(_IN_ROOM, _words.c.seq < bindparam("before"), _words.c.words.op("@@")(_query))
    .where(messages.c.at >= _since, messages.c.at < _until)
    .order_by(_words.c.seq.desc())
    .limit(bindparam("limit")),
    written=_written,
    asked=_asked,
)
