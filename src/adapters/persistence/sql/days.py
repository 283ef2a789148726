"""Where in a room's log some days stand, so that a search for them need not go through the rest.

The clocks of nodes differ, and a log that was copied here may tell its times in any order: the seqs
between two moments are not found by halving. But for each day, an index knows the first and the
last seq. It is asked day by day, a few microseconds each; nothing in between two of them is
overlooked, whatever the clocks did.
"""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Select,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)

from adapters.persistence.sql.schema import DAY, Id, messages
from adapters.persistence.sql.time import (
    FIRST_MOMENT,
    LAST_MOMENT,
    MILLISECONDS_OF_A_DAY,
    milliseconds,
)
from adapters.persistence.sql.transaction import Transaction
from adapters.persistence.sql.word_index import FAR_SEQ
from domain.ids import RoomId
from domain.search import Wanted


@dataclass(frozen=True, slots=True)
class Stretch:
    """All entries of a log that were made from `since` on but before `until`, in milliseconds, have
    a seq from `first` to `last`; there may be others among them."""

    since: int = FIRST_MOMENT
    until: int = LAST_MOMENT
    first: int = 0
    last: int = FAR_SEQ


async def stretch_of(transaction: Transaction, room_id: RoomId, wanted: Wanted) -> Stretch | None:
    """What has to be gone through for somebody who asks for certain days. None if there is nothing
    in that time."""
    if wanted.since is None and wanted.until is None:
        return _EVERYTHING
    since = FIRST_MOMENT if wanted.since is None else milliseconds(wanted.since)
    until = LAST_MOMENT if wanted.until is None else milliseconds(wanted.until)
    values = {"room": room_id, "since_day": _day(since), "until_day": _day(until - 1)}
    found = await transaction.row(SEQS_OF_DAYS, values)
    if found is None or found.first is None:
        return None
    return Stretch(since, until, found.first, found.last)


def _day(at: int) -> int:
    """As databases divide, who leave out what remains."""
    return at // MILLISECONDS_OF_A_DAY if at >= 0 else -(-at // MILLISECONDS_OF_A_DAY)


_EVERYTHING = Stretch()
_IN_ROOM = messages.c.room_id == bindparam("room", type_=Id)


def _next_day(day: ColumnElement[int]) -> ScalarSelect[int]:
    """Of those in which something was said. Null after the last one."""
    until = bindparam("until_day", type_=BigInteger()) >= DAY
    return _first(select(DAY).where(_IN_ROOM, day < DAY, until).order_by(DAY))


def _first(rows: Select[tuple[int]]) -> ScalarSelect[int]:
    return rows.limit(_ONE).scalar_subquery()


_ONE = literal_column("1", BigInteger())  # Not a parameter, so that every plan is made for it.
_before = cast(bindparam("since_day", type_=BigInteger()), BigInteger()) - _ONE
_days = select(_next_day(_before).label("day")).cte("days", recursive=True)
_days = _days.union_all(select(_next_day(_days.c.day)).where(_days.c.day.is_not(None)))
_seqs = select(messages.c.seq).where(_IN_ROOM, _days.c.day == DAY).correlate(_days)

SEQS_OF_DAYS = select(
    func.min(_first(_seqs.order_by(messages.c.seq))).label("first"),
    func.max(_first(_seqs.order_by(messages.c.seq.desc()))).label("last"),
).select_from(_days)
