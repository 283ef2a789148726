"""What readers saw."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from tests.faults.history import Deliver, History, Logs, Page, Reset, Start


def nothing_applied_twice(history: History, logs: Logs) -> Iterator[str]:
    for reader, room, position, event in _applied(history):
        if event.seq <= position:
            yield f"{reader} was at {position} of {room} and applied {event.seq} ({event.what})"


def no_jump_without_a_reset(history: History, logs: Logs) -> Iterator[str]:
    for reader, room, position, event in _applied(history):
        if event.seq > position + 1:
            yield f"{reader} jumped from {position} to {event.seq} of {room}"


def one_order(history: History, logs: Logs) -> Iterator[str]:
    """All readers and pages, on all nodes, show what the log says, and where it says so."""
    stored = {(room, entry.seq): entry.what for room, log in logs.items() for entry in log}
    for event in history.events:
        if isinstance(event, Deliver):
            found = stored.get((event.room, event.seq), "nothing")
            if found != event.what:
                yield (
                    f"{event.reader} saw {event.what} as {event.seq} of {event.room}, "
                    f"which is {found}"
                )
        elif isinstance(event, Page):
            listed = [
                (entry.seq, entry.what)
                for entry in logs[event.room]
                if entry.listed and event.after < entry.seq <= event.upto
            ]
            if list(event.entries) != listed:
                yield (
                    f"{event.reader} got a page of {event.room} from {event.after + 1} to "
                    f"{event.upto} that differs from the log: {_first(event.entries, listed)}"
                )


def _applied(history: History) -> Iterator[tuple[str, str, int, Deliver]]:
    """Each entry that a reader applied, with where it was before. A reader of which nobody knows
    where it started has jumped to where it is."""
    positions: dict[tuple[str, str], int] = {}
    for event in history.events:
        if isinstance(event, Start | Reset):
            positions[event.reader, event.room] = event.seq
        elif isinstance(event, Page) and event.applied:
            positions[event.reader, event.room] = event.upto
        elif isinstance(event, Deliver):
            place = event.reader, event.room
            yield *place, positions.get(place, -1), event
            positions[place] = max(event.seq, positions.get(place, -1))


def _first(shown: Sequence[tuple[int, str]], listed: Sequence[tuple[int, str]]) -> str:
    """Where they differ first."""
    for found, wanted in zip_longest(shown, listed):
        if found != wanted:
            return f"{found} instead of {wanted}"
    raise ValueError("they do not differ")
