"""What authors were promised."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from tests.faults.history import Ack, Fail, History, Invoke, Logs, Page


def acknowledged_is_stored(history: History, logs: Logs) -> Iterator[str]:
    """Each acknowledged post is in the log at that seq."""
    stored = {(room, entry.seq): entry.what for room, log in logs.items() for entry in log}
    for event in history.events:
        if isinstance(event, Ack):
            found = stored.get((event.room, event.seq), "nothing")
            if found != event.key:
                yield f"{event.key} was acknowledged as {event.seq}, where there is {found}"


def refused_is_not_stored(history: History, logs: Logs) -> Iterator[str]:
    stored = {(room, entry.what) for room, log in logs.items() for entry in log}
    for event in history.events:
        if isinstance(event, Fail) and (event.room, event.key) in stored:
            yield f"{event.key} was refused ({event.code}), and is stored"


def each_key_once(history: History, logs: Logs) -> Iterator[str]:
    for room, log in logs.items():
        counts = Counter(entry.what for entry in log if entry.posted)
        yield from (
            f"{what} is {count} times in the log of {room}"
            for what, count in counts.items()
            if count > 1
        )


def logs_have_no_gap(history: History, logs: Logs) -> Iterator[str]:
    for room, log in logs.items():
        for before, after in pairwise(entry.seq for entry in log):
            if after != before + 1:
                yield f"the log of {room} jumps from {before} to {after}"


def later_is_after(history: History, logs: Logs) -> Iterator[str]:
    """What was begun when another was acknowledged already comes after it."""
    highest: dict[str, Ack] = {}
    before: dict[tuple[str, str], Ack] = {}
    for event in history.events:
        if isinstance(event, Invoke) and event.room in highest:
            before[event.room, event.key] = highest[event.room]
        elif isinstance(event, Ack):
            earlier = before.get((event.room, event.key))
            if earlier and earlier.seq >= event.seq:
                yield (
                    f"{event.key} was begun after {earlier.key} was acknowledged as "
                    f"{earlier.seq}, and is {event.seq}"
                )
            if event.room not in highest or event.seq > highest[event.room].seq:
                highest[event.room] = event


def authors_find_their_posts(history: History, logs: Logs) -> Iterator[str]:
    """A page that its author asked for after the ack holds the post, whichever node gave it."""
    acks = [(at, event) for at, event in enumerate(history.events) if isinstance(event, Ack)]
    for page in history.events:
        if not isinstance(page, Page) or page.applied:
            continue  # What is read on from somewhere may end anywhere.
        shown = {what for _, what in page.entries}
        yield from (
            f"the page after the ack of {ack.key} ({ack.seq}) ends with {page.upto} without it"
            for at, ack in acks
            if at < page.asked
            and (ack.author, ack.room) == (page.reader, page.room)
            and ack.seq > page.after
            and ack.key not in shown
        )
