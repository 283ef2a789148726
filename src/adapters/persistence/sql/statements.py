"""What SQLite and PostgreSQL say differently, said once."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from msgspec.json import encode
from sqlalchemy import (
    ColumnElement,
    Insert,
    Subquery,
    Table,
    Text,
    bindparam,
    cast,
    literal_column,
    select,
)
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import BigInteger, Boolean, TypeEngine

LAST_SEQ = 2**63 - 1  # A larger one cannot be bound, and nothing can come after it.


def given(parameter: str, **columns: TypeEngine[Any]) -> Subquery:
    """A table whose rows come as one parameter, made by `as_rows`, in the order of the columns.

    A statement then reads the same for any number of things: SQLAlchemy compiles it once, the
    database prepares it once. SQLite also finds rows by index in this way, which it does not
    where two columns are compared with a list, `(author_id, key) IN (…)`.
    """
    rows = _json_rows(bindparam(parameter, type_=Text())).table_valued("value", name=parameter)
    cells = (
        cast(_json_item(rows.c.value, literal_column(str(position))), kind).label(name)
        for position, (name, kind) in enumerate(columns.items())
    )
    return select(*cells).subquery(f"{parameter}_given")


def as_rows(rows: Iterable[tuple[object, ...]]) -> str:
    return encode(list(rows)).decode()


def as_values(values: Iterable[str]) -> str:
    return encode(list(values)).decode()


def places_as_rows(places: Iterable[tuple[str, int]]) -> str:
    """Of rooms and seqs."""
    return as_rows({(room_id, min(seq, LAST_SEQ)) for room_id, seq in places})


@cache
def insert_unless_there(table: Table, dialect: str) -> Insert:
    """Inserts nothing where a unique value is taken; the transaction goes on, in PostgreSQL too."""
    if dialect == "sqlite":
        return sqlite_insert(table).on_conflict_do_nothing()
    # Imported late: a server on SQLite starts faster without it.
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert

    return postgresql_insert(table).on_conflict_do_nothing()


def has_part(text: ColumnElement[Any], part: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a text has another one in it, by code points: LIKE would mind case differently."""
    return _has_part(text, part)


def stands_after(
    place: tuple[ColumnElement[Any], ColumnElement[Any]],
    other: tuple[ColumnElement[Any], ColumnElement[Any]],
) -> ColumnElement[bool]:
    """Whether a room and seq are behind another seq of the same room; to be asked in the order of
    both, for the first of many. PostgreSQL takes a given room to be as large as rooms are on
    average, and would sort all of one that is larger; how large a stretch between two places is it
    cannot know, and goes by the index. SQLite goes by the index only where it sees one room."""
    return _stands_after(*place, *other)


class now_in_milliseconds(FunctionElement[int]):  # noqa: N801  It reads as an SQL function.
    """The clock of the database, when the statement began: those of the nodes may differ."""

    type = BigInteger()
    inherit_cache = True


class _stands_after(FunctionElement[Any]):  # noqa: N801
    inherit_cache = True  # As a Boolean it would be compared with 1, in SQLite, without an index.


class _has_part(FunctionElement[bool]):  # noqa: N801
    type = Boolean()
    inherit_cache = True


class _json_rows(FunctionElement[Any]):  # noqa: N801
    inherit_cache = True


class _json_item(FunctionElement[Any]):  # noqa: N801
    inherit_cache = True


@compiles(_stands_after, "sqlite")
def _(element: _stands_after, compiler: SQLCompiler, **options: Any) -> str:
    return "({0} = {2} AND {1} > {3})".format(*_arguments(element, compiler, options))


@compiles(_stands_after, "postgresql")
def _(element: _stands_after, compiler: SQLCompiler, **options: Any) -> str:
    text = "(({0}, {1}) > ({2}, {3}) AND ({0}, {1}) <= ({2}, {last}))"
    return text.format(*_arguments(element, compiler, options), last=LAST_SEQ)


@compiles(_has_part, "sqlite")
def _(element: _has_part, compiler: SQLCompiler, **options: Any) -> str:
    return "(instr({}, {}) > 0)".format(*_arguments(element, compiler, options))


@compiles(_has_part, "postgresql")
def _(element: _has_part, compiler: SQLCompiler, **options: Any) -> str:
    return "(strpos({}, {}) > 0)".format(*_arguments(element, compiler, options))


@compiles(now_in_milliseconds, "sqlite")
def _(_element: now_in_milliseconds, _compiler: SQLCompiler, **_options: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(now_in_milliseconds, "postgresql")
def _(_element: now_in_milliseconds, _compiler: SQLCompiler, **_options: Any) -> str:
    return "CAST(extract(epoch FROM statement_timestamp()) * 1000 AS BIGINT)"


@compiles(_json_rows, "sqlite")
def _(element: _json_rows, compiler: SQLCompiler, **options: Any) -> str:
    return "json_each({})".format(*_arguments(element, compiler, options))


@compiles(_json_rows, "postgresql")
def _(element: _json_rows, compiler: SQLCompiler, **options: Any) -> str:
    # As JSONB a row is read once; as JSON it would be for each of its cells.
    return "jsonb_array_elements(CAST({} AS JSONB))".format(*_arguments(element, compiler, options))


@compiles(_json_item, "sqlite")
def _(element: _json_item, compiler: SQLCompiler, **options: Any) -> str:
    return "json_extract({}, '$[{}]')".format(*_arguments(element, compiler, options))


@compiles(_json_item, "postgresql")
def _(element: _json_item, compiler: SQLCompiler, **options: Any) -> str:
    return "({} ->> {})".format(*_arguments(element, compiler, options))


def _arguments(
    element: FunctionElement[Any], compiler: SQLCompiler, options: dict[str, Any]
) -> list[str]:
    return [compiler.process(argument, **options) for argument in element.clauses]
