"""Times as whole milliseconds since 1970, and back. BSON has dates, but they end with the driver's
idea of them; a number is the same to every program that looks in."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DAY = timedelta(days=1)


def milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def day_of(at: datetime) -> int:
    """As a number, too: days since 1970."""
    return (at - _EPOCH) // _DAY


def moment(stored: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=stored)


def milliseconds_or_none(at: datetime | None) -> int | None:
    return None if at is None else milliseconds(at)


def moment_or_none(stored: int | None) -> datetime | None:
    return None if stored is None else moment(stored)
