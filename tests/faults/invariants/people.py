"""What people are told of others and of themselves."""

from collections.abc import Iterator
from itertools import islice

from application.ports.message_log import MOST_UNREAD
from tests.faults.history import Dot, History, Logs, Standing, Start


def dots_are_true(history: History, logs: Logs) -> Iterator[str]:
    """Looked at when what was about to be noticed has been."""
    for event in history.events:
        if isinstance(event, Dot) and event.online != event.connected:
            shown, is_so = ("online", "is not") if event.online else ("offline", "is connected")
            yield f"{event.observer} sees {event.person} {shown}, who {is_so}"


def read_never_goes_back(history: History, logs: Logs) -> Iterator[str]:
    furthest: dict[tuple[str, str], int] = {}
    people = _people(history)
    for event in history.events:
        if isinstance(event, Standing):
            place = people.get(event.reader, event.reader), event.room
            if event.read < furthest.get(place, 0):
                yield f"{event.reader} had read {furthest[place]} of {event.room}: {event.read}"
            furthest[place] = event.read


def unread_is_what_it_says(history: History, logs: Logs) -> Iterator[str]:
    """Posted by others, among the first that are counted after the read position."""
    people = _people(history)
    for event in history.events:
        if isinstance(event, Standing):
            person = people.get(event.reader, event.reader)
            posts = (
                entry
                for entry in logs[event.room]
                if entry.posted and event.read < entry.seq <= event.head
            )
            unread = sum(entry.author != person for entry in islice(posts, MOST_UNREAD))
            if unread != event.unread:
                yield (
                    f"{event.reader} has {event.unread} unread of {event.room} "
                    f"between {event.read} and {event.head}; they are {unread}"
                )


def _people(history: History) -> dict[str, str]:
    return {event.reader: event.person for event in history.events if isinstance(event, Start)}
