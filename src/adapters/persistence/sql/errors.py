"""What databases say, in the words of the ports."""

from typing import NoReturn

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from adapters.persistence.sql.schema import metadata
from domain.errors import StoreUnavailable

# What a driver lets through as it is when it cannot connect.
DATABASE_ERRORS = (SQLAlchemyError, OSError)

_OUR_MISTAKES = (IntegrityError, ProgrammingError, DataError, NotSupportedError)


class Violation(RuntimeError):
    """A constraint of the schema refused a row; `name` is its name there, or what was said."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The constraint {name} refused a row.")
        self.name = name


def raise_translated(error: Exception) -> NoReturn:
    """Raises `Violation`; `StoreUnavailable`, if the same may succeed later; else the error
    itself, because it is a mistake in this program."""
    if isinstance(error, IntegrityError):
        raise Violation(_constraint(error)) from error
    if isinstance(error, DBAPIError) and not isinstance(error, _OUR_MISTAKES):
        raise StoreUnavailable(str(error.orig)) from error
    if isinstance(error, PoolTimeout | OSError):
        raise StoreUnavailable(str(error)) from error
    raise error


def _constraint(error: IntegrityError) -> str:
    # PostgreSQL tells the name of the constraint; asyncpg's error is the cause of SQLAlchemy's.
    cause = getattr(error.orig, "__cause__", None)
    name = getattr(cause, "constraint_name", None)
    if name:
        return str(name)
    # SQLite tells the columns: "UNIQUE constraint failed: messages.author_id, messages.key".
    said = str(error.orig)
    return _NAMES.get(said.partition(": ")[2], said)


def _columns(unique: Index | UniqueConstraint) -> str:
    return ", ".join(f"{column.table.name}.{column.name}" for column in unique.columns)


_NAMES = {
    _columns(unique): str(unique.name)
    for table in metadata.tables.values()
    for unique in (*table.indexes, *table.constraints)
    if isinstance(unique, UniqueConstraint) or (isinstance(unique, Index) and unique.unique)
}
