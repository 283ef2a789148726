"""Times as whole milliseconds since 1970, and back."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
MILLISECONDS_OF_A_DAY = 86_400_000
FIRST_MOMENT = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
LAST_MOMENT = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND + 1


def milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def moment(stored: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=stored)


def milliseconds_or_none(at: datetime | None) -> int | None:
    return None if at is None else milliseconds(at)


def moment_or_none(stored: int | None) -> datetime | None:
    return None if stored is None else moment(stored)
