"""The word index in PostgreSQL: a tsvector made of our own words, under GIN."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    select,
    table,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from adapters.persistence.sql.messages import messages_from
from adapters.persistence.sql.prepared import Values
from adapters.persistence.sql.schema import Id, Seq, Time, messages
from adapters.persistence.sql.statements import as_rows, given
from adapters.persistence.sql.word_index import WordIndex, by_author
from domain.search import Wanted

# So many of the latest posts are gone through before the index is asked: a few milliseconds.
LOOKED_THROUGH = 5_000

_words = table(
    "message_words", column("room_id", Id), column("seq", Seq), column("words", TSVECTOR())
)
_new = given("new", room_id=Id, seq=Seq, words=TSVECTOR())
_ROOM = bindparam("room", type_=Id)
_IN_ROOM = _words.c.room_id == _ROOM
_FIRST = bindparam("first", type_=Seq)
_LIMIT = bindparam("limit", type_=Integer())
_query = cast(bindparam("query", type_=Text()), TSQUERY)
_since, _until = bindparam("since", type_=Time), bindparam("until", type_=Time)


def _written(words: Iterable[str]) -> str:
    return "'" + "' '".join(sorted(words)) + "'"


def _added(posts: Sequence[tuple[str, int, str]]) -> list[Values]:
    return [{"new": as_rows(posts)}]


def _asked(wanted: Wanted) -> Values:
    whole = [f"'{word}'" for word in sorted(wanted.words)]
    begun = [f"'{beginning}':*" for beginning in sorted(wanted.beginnings)]
    author = [f"'{by_author(wanted.author_id)}'"] if wanted.author_id else []
    without = [f"!'{word}'" for word in sorted(wanted.without)]
    return {"query": " & ".join([*whole, *begun, *author, *without])}


def _find() -> Select[Any]:
    """Frequent words are met soon by whoever goes back through the log; rare ones are found by the
    index. Which of the two a word is, PostgreSQL knows of the most frequent only, and with a limit
    it goes through all of the log for the others. So it is told: go through the latest posts, and
    only if they had too few hits, ask the index for the earlier ones."""
    latest = _earlier(_words).limit(LOOKED_THROUGH).subquery("latest")
    near = _apart(_timely(latest).where(latest.c.words.op("@@")(_query)).limit(_LIMIT), "near")
    seqs = _earlier(_words).with_only_columns(_words.c.seq)
    edge = _apart(seqs.offset(LOOKED_THROUGH - 1).limit(1), "edge")
    last_looked_at = select(edge.c.seq).scalar_subquery()
    # By itself, so that it is the index of words that is asked, and not that of seqs.
    anywhere = select(_words.c.room_id, _words.c.seq).where(_words.c.words.op("@@")(_query))
    indexed = anywhere.offset(0).subquery("indexed")
    matching = _apart(
        select(indexed.c.seq)
        .where(indexed.c.room_id == _ROOM)
        .where(indexed.c.seq >= _FIRST, indexed.c.seq < last_looked_at)
        .where(last_looked_at.is_not(None))
        .where(select(func.count()).select_from(near).scalar_subquery() < _LIMIT),
        "matching",
    )
    # With an offset it is a matter of its own, too: sorted before it is joined.
    sorted_ = select(matching.c.seq).order_by(matching.c.seq.desc()).offset(0).subquery("sorted")
    far = _apart(_timely(sorted_).limit(_LIMIT), "far")
    hits = union_all(select(near.c.seq), select(far.c.seq)).subquery("hits")
    return (
        messages_from(hits.join(messages, _is_message(hits)))
        .order_by(messages.c.seq.desc())
        .limit(_LIMIT)
    )


def _earlier(words: FromClause) -> Select[Any]:
    return (
        select(words.c.seq, words.c.words)
        .where(words.c.room_id == _ROOM)
        .where(words.c.seq >= _FIRST, words.c.seq < bindparam("before", type_=Seq))
        .order_by(words.c.seq.desc())
    )


def _timely(hits: FromClause) -> Select[Any]:
    """The seqs of those that were posted in the time that was asked for, the latest first. Each is
    looked up: for a join, PostgreSQL might prefer to go through the whole log."""
    is_timely = and_(messages.c.at >= _since, messages.c.at < _until)
    looked_up = select(is_timely).where(_is_message(hits)).correlate(hits).scalar_subquery()
    return select(hits.c.seq).where(looked_up).order_by(hits.c.seq.desc())


def _is_message(hits: FromClause) -> ColumnElement[bool]:
    return and_(messages.c.room_id == _ROOM, messages.c.seq == hits.c.seq)


def _apart(statement: Select[Any], name: str) -> CTE:
    """Planned without regard to what becomes of it."""
    return statement.cte(name).prefix_with("MATERIALIZED")


INDEX = WordIndex(
    add=insert(_words).from_select(["room_id", "seq", "words"], select(_new)),
    forget=delete(_words).where(
        _IN_ROOM, _words.c.seq.between(bindparam("first"), bindparam("last"))
    ),
    find=_find(),
    added=_added,
    written=_written,
    asked=_asked,
)
