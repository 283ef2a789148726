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
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from adapters.persistence.sql.schema import metadata
from domain.errors import StoreUnavailable

# What a driver lets through as it is when it cannot connect, or when nobody answers it.
DATABASE_ERRORS = (SQLAlchemyError, OSError)

_OUR_MISTAKES = (IntegrityError, ProgrammingError, DataError, NotSupportedError)

# PostgreSQL's classes of errors, and single ones, after which the same may succeed later
# (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_TEMPORARY = (
    "08",  # the connection is lost
    "25006",  # read only: a standby, or an operator at work
    "25P03",  # we were silent for too long
    "25P04",
    "28",  # the password was changed, or who may come
    "3D000",  # the database is gone, perhaps while it is restored
    "40001",  # not serialisable
    "40003",  # nobody knows whether it is committed
    "40P01",  # deadlock
    "53",  # no memory, no disk, no connection is left
    "55006",  # somebody has the database to himself
    "55P03",  # a lock is not to be had
    "57",  # an operator stops the statement, the connection or the server
    "58",  # the disk or the system fails
)
# The schema was changed under a statement that was prepared before.
_OUTDATED_PLAN = ("InvalidCachedStatementError", "OutdatedSchemaCacheError")


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
    if _is_temporary(error):
        raise StoreUnavailable(said(error)) from error
    raise error


def origin(error: BaseException) -> BaseException:
    """The error as the driver, or the system, raised it."""
    if not isinstance(error, StatementError) or error.orig is None:
        return error
    # What SQLAlchemy makes of asyncpg's errors knows less than they do.
    return error.orig.__cause__ or error.orig


def sqlstate(error: BaseException) -> str:
    """The code of an error of PostgreSQL's; empty for all others."""
    return str(getattr(origin(error), "sqlstate", None) or "")


def said(error: BaseException) -> str:
    """One line."""
    cause = origin(error)
    if isinstance(cause, TimeoutError) and not str(cause):
        return "it does not answer"
    # PostgreSQL adds lines with details and hints.
    return str(cause).partition("\n")[0] or type(cause).__name__


def _is_temporary(error: Exception) -> bool:
    if sqlstate(error):
        return sqlstate(error).startswith(_TEMPORARY) or _is_outdated(error)
    if isinstance(origin(error), PoolTimeout | OSError) or _is_outdated(error):
        return True
    if not isinstance(error, DBAPIError) or isinstance(error, _OUR_MISTAKES):
        return False
    # The driver's own: it complains of a connection that is gone, or of what we ask of it.
    return error.connection_invalidated or not _is_of_asyncpg(error)


def _is_outdated(error: Exception) -> bool:
    return type(origin(error)).__name__ in _OUTDATED_PLAN


def _is_of_asyncpg(error: Exception) -> bool:
    return type(origin(error)).__module__.startswith("asyncpg")


def _constraint(error: IntegrityError) -> str:
    # PostgreSQL tells the name of the constraint.
    name = getattr(origin(error), "constraint_name", None)
    if name:
        return str(name)
    # SQLite tells the columns: "UNIQUE constraint failed: messages.author_id, messages.key".
    text = str(error.orig)
    return _NAMES.get(text.partition(": ")[2], text)


def _columns(unique: Index | UniqueConstraint) -> str:
    return ", ".join(f"{column.table.name}.{column.name}" for column in unique.columns)


_NAMES = {
    _columns(unique): str(unique.name)
    for table in metadata.tables.values()
    for unique in (*table.indexes, *table.constraints)
    if isinstance(unique, UniqueConstraint) or (isinstance(unique, Index) and unique.unique)
}
