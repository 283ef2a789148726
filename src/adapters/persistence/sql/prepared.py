"""Statements as a driver takes them: their text, the order of their parameters, and what becomes
of a row. SQLAlchemy writes the text, once; what it would do for each execution costs more than
most of our statements do."""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Executable, Insert, Select
from sqlalchemy.sql.compiler import SQLCompiler

Values = Mapping[str, Any]  # Whatever the columns of a statement take.
AnyRow = Any  # A named tuple: columns of all types; the names of the schema say which.

_Convert = Callable[[Any], Any]


class Prepared:
    """One statement in the words of one database. Values are given by the names of its
    parameters, of an INSERT by those of its columns."""

    def __init__(self, statement: Executable, dialect: Dialect, columns: Sequence[str]) -> None:
        taken = list(columns) if isinstance(statement, Insert) else None
        compiled = statement.compile(dialect=dialect, column_keys=taken)  # type: ignore[attr-defined]  # All are.
        assert isinstance(compiled, SQLCompiler)
        self.text = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        binds = {name: compiled.binds[name] for name in self._names}
        self._constants = {name: bind.value for name, bind in binds.items() if not bind.required}
        self._make: Callable[[Iterable[Any]], AnyRow] = tuple
        self._converts: tuple[tuple[int, _Convert], ...] = ()
        if isinstance(statement, Select):
            self._read_as(statement, dialect)

    def arguments(self, values: Values) -> tuple[Any, ...]:
        given = {**self._constants, **values} if self._constants else values
        return tuple([given[name] for name in self._names])

    def row(self, record: Iterable[Any]) -> AnyRow:
        """What the driver brought, by the names and in the types of the schema."""
        if not self._converts:
            return self._make(record)
        cells = list(record)
        for place, convert in self._converts:
            cells[place] = convert(cells[place])
        return self._make(cells)

    def _read_as(self, statement: "Select[Any]", dialect: Dialect) -> None:
        columns = list(statement.selected_columns)
        names = [column.key or "" for column in columns]
        row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
        self._make = row._make
        converts = (
            (place, column.type.dialect_impl(dialect).result_processor(dialect, None))
            for place, column in enumerate(columns)
        )
        self._converts = tuple((place, convert) for place, convert in converts if convert)


_prepared: "WeakKeyDictionary[Executable, dict[tuple[str, ...], Prepared]]" = WeakKeyDictionary()


def prepared(statement: Executable, dialect: Dialect, values: Values) -> Prepared:
    """Remembered as long as the statement lives: those of a module, for good."""
    known = _prepared.setdefault(statement, {})
    key = (dialect.name, *values) if isinstance(statement, Insert) else (dialect.name,)
    found = known.get(key)
    if found is None:
        found = known[key] = Prepared(statement, dialect, list(values))
    return found
