"""Who may hear what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.faults.history import Deliver, Entry, History, Logs, Page, Start

ENDLESS = 2**53


@dataclass(frozen=True, slots=True)
class Stay:
    """A person is in a room from one seq to another, both included: they are told of their own
    joining and leaving."""

    since: int
    until: int


def nothing_reaches_others(history: History, logs: Logs) -> Iterator[str]:
    """What is told as it happens goes to members of that moment. Who is a member may read what
    was before; nobody reads on after having left for the last time."""
    stays = {room: _stays(log) for room, log in logs.items()}
    people = {event.reader: event.person for event in history.events if isinstance(event, Start)}
    for event in history.events:
        if not isinstance(event, Deliver | Page):
            continue
        # A reader that never started has its own name, which is nobody's.
        person = people.get(event.reader, event.reader.partition("/")[0])
        theirs = stays[event.room].get(person, [])
        if isinstance(event, Deliver) and event.live:
            if not any(stay.since <= event.seq <= stay.until for stay in theirs):
                yield f"{event.reader} was told {event.what} ({event.seq}) of {event.room}"
        else:
            last = event.seq if isinstance(event, Deliver) else _end(event)
            if last > max((stay.until for stay in theirs), default=0):
                yield f"{event.reader} read up to {last} of {event.room}"


def _stays(log: Sequence[Entry]) -> dict[str, list[Stay]]:
    stays: dict[str, list[Stay]] = {}
    for entry in log:
        if entry.admits:
            stays.setdefault(entry.admits, []).append(Stay(entry.seq, ENDLESS))
        if entry.expels and entry.expels in stays:
            begun = stays[entry.expels].pop()
            stays[entry.expels].append(Stay(begun.since, entry.seq))
    return stays


def _end(page: Page) -> int:
    return page.entries[-1][0] if page.entries else 0
