"""What databases say, in the words of the ports."""

import sqlite3
from typing import NoReturn

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import SQLAlchemyError, StatementError

from adapters.persistence.sql.schema import metadata
from application.ports.message_log import KeyTaken
from domain.errors import RoomHeld, StoreUnavailable

# When it connects, and when a driver cannot, or nobody answers it.
DATABASE_ERRORS = (SQLAlchemyError, OSError)

_OUR_MISTAKES = (
    sqlite3.IntegrityError,
    sqlite3.ProgrammingError,
    sqlite3.DataError,
    sqlite3.NotSupportedError,
)

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
_INTEGRITY = "23"
_HELD = {"55P03", "40P01"}  # No lock in time; each of two waited for the other.
# The schema was changed under a statement that was prepared before.
_OUTDATED_PLAN = ("InvalidCachedStatementError", "OutdatedSchemaCacheError")


class Violation(RuntimeError):
    """A constraint of the schema refused a row; `name` is its name there, or what was said."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The constraint {name} refused a row.")
        self.name = name


def raise_translated(error: Exception, *, lost: bool = False) -> NoReturn:
    """Raises `KeyTaken`; `Violation`; `RoomHeld`; `StoreUnavailable`, if the same may succeed
    later; else the error itself, because it is a mistake in this program. `lost`: so is the
    connection."""
    if name := _constraint(origin(error)):
        raise (KeyTaken() if name == "messages_key" else Violation(name)) from error
    if sqlstate(error) in _HELD:
        raise RoomHeld(said(error)) from error
    if lost or _is_temporary(error):
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
    cause = origin(error)
    if isinstance(cause, OSError) or type(cause).__name__ in _OUTDATED_PLAN:
        return True
    if isinstance(cause, sqlite3.Error):
        return not isinstance(cause, _OUR_MISTAKES)
    return sqlstate(error).startswith(_TEMPORARY)


def _constraint(cause: BaseException) -> str | None:
    """The one that refused a row, if that is what the error says."""
    if isinstance(cause, sqlite3.IntegrityError):
        # It tells the columns: "UNIQUE constraint failed: messages.author_id, messages.key".
        return _NAMES.get(str(cause).partition(": ")[2], str(cause))
    if sqlstate(cause).startswith(_INTEGRITY):
        return str(getattr(cause, "constraint_name", None) or cause)
    return None


def _columns(unique: Index | UniqueConstraint) -> str:
    return ", ".join(f"{column.table.name}.{column.name}" for column in unique.columns)


_NAMES = {
    _columns(unique): str(unique.name)
    for table in metadata.tables.values()
    for unique in (*table.indexes, *table.constraints)
    if isinstance(unique, UniqueConstraint) or (isinstance(unique, Index) and unique.unique)
}
