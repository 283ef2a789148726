"""What MongoDB and its drivers say, in the words of the ports."""

from typing import NoReturn

from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    InvalidOperation,
    OperationFailure,
    PyMongoError,
)

from domain.errors import RoomHeld, StoreUnavailable

# What a driver lets through as it is when it cannot connect.
DATABASE_ERRORS = (PyMongoError, OSError)

UNAUTHORIZED = 13
AUTHENTICATION_FAILED = 18
NO_REPLICA_SET = frozenset({20, 123, 263})  # IllegalOperation and the like: transactions, snapshots
SNAPSHOT_TOO_OLD = 239
_SNAPSHOT_UNAVAILABLE = 246
_DUPLICATE_KEY = 11000
_WRITE_CONFLICT = 112

# LockTimeout, MaxTimeMSExpired, ExceededTimeLimit, NoSuchTransaction, disk full, and a password
# that was changed: an operator can heal them while this program runs.
_LATER = frozenset(
    {24, 50, 262, 251, 14031, AUTHENTICATION_FAILED, SNAPSHOT_TOO_OLD, _SNAPSHOT_UNAVAILABLE}
)
_LABELS_OF_LATER = (
    "TransientTransactionError",
    "UnknownTransactionCommitResult",
    "RetryableWriteError",
    "RetryableError",
)


class Duplicate(RuntimeError):
    """A unique index refused a document; `index` are its fields, or what was said."""

    def __init__(self, index: str) -> None:
        super().__init__(f"The unique index of {index} refused a document.")
        self.index = index


def is_conflict(error: Exception) -> bool:
    """Whether the same transaction, begun again, may succeed."""
    if isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError"):
        return True
    return isinstance(error, OperationFailure) and error.code == _SNAPSHOT_UNAVAILABLE


def is_commit_unknown(error: Exception) -> bool:
    """Whether the transaction may be stored already: to commit it once more will tell."""
    return isinstance(error, PyMongoError) and error.has_error_label(
        "UnknownTransactionCommitResult"
    )


def is_duplicate(error: Exception) -> bool:
    return _refusing_index(error) is not None


def is_of_connection(error: Exception) -> bool:
    """Whether the server may not know that we have given up."""
    return isinstance(error, ConnectionFailure | OSError) or (
        isinstance(error, PyMongoError) and error.timeout
    )


def raise_translated(error: Exception) -> NoReturn:
    """Raises `Duplicate`; `RoomHeld`; `StoreUnavailable`, if the same may succeed later; else the
    error itself, because it is a mistake in this program."""
    index = _refusing_index(error)
    if index is not None:
        raise Duplicate(index) from error
    if isinstance(error, OperationFailure) and error.code == _WRITE_CONFLICT:
        raise RoomHeld(said(error)) from error
    if _is_for_later(error):
        raise StoreUnavailable(said(error)) from error
    raise error


def said(error: Exception) -> str:
    """What it says, in one line of bearable length: drivers append all they know."""
    if isinstance(error, OperationFailure) and error.details:
        text = str(error.details.get("errmsg", error))
    else:
        text = str(error)
    for added in (", Timeout:", " (configured timeouts:"):
        text = text.partition(added)[0]
    line = " ".join(text.split())
    return line if len(line) <= 200 else f"{line[:200]}…"


def _is_for_later(error: Exception) -> bool:
    if isinstance(error, ConnectionFailure | ExecutionTimeout | OSError):
        return True
    if isinstance(error, InvalidOperation):
        return "after close" in str(error)
    if isinstance(error, OperationFailure) and error.code in _LATER:
        return True
    return isinstance(error, PyMongoError) and (
        error.timeout or any(error.has_error_label(label) for label in _LABELS_OF_LATER)
    )


def _refusing_index(error: Exception) -> str | None:
    if isinstance(error, DuplicateKeyError):
        details = error.details or {}
    elif isinstance(error, BulkWriteError):
        details = next(iter(error.details.get("writeErrors", ())), {})
    else:
        return None
    if details.get("code") != _DUPLICATE_KEY:
        return None
    return ", ".join(details.get("keyPattern", ())) or str(details.get("errmsg"))
