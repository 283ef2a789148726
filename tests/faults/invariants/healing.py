"""How soon all is well again, and that nothing is wrong where nothing failed."""

from collections.abc import Iterator

from tests.faults.history import (
    Ack,
    Cut,
    Deliver,
    Fault,
    Gone,
    History,
    Logs,
    Over,
    Page,
    Reset,
    Start,
    Unknown,
)

WITHIN = 5.0  # Seconds after the last fault, or after what was said since.


def all_readers_converge(history: History, logs: Logs) -> Iterator[str]:
    """Every reader has everything, `WITHIN` seconds after it is there and nothing fails."""
    timed = list(zip(history.events, history.times, strict=True))
    calm = max((at for event, at in timed if isinstance(event, Ack | Over)), default=0.0)
    reached: dict[tuple[str, str], tuple[int, float]] = {}
    for event, at in timed:
        if isinstance(event, Start | Deliver | Reset):
            reached[event.reader, event.room] = event.seq, at
        elif isinstance(event, Page) and event.applied:
            reached[event.reader, event.room] = event.upto, at
        elif isinstance(event, Gone):
            reached.pop((event.reader, event.room), None)
    for (reader, room), (seq, at) in reached.items():
        head = logs[room][-1].seq
        if seq != head:
            yield f"{reader} ended at {seq} of {room}, whose head is {head}"
        elif at > calm + WITHIN:
            yield f"{reader} was at the head of {room} {at - calm:.1f} s after all was well"


def no_trouble_without_a_fault(history: History, logs: Logs) -> Iterator[str]:
    """A post is left unanswered, or a socket lost, only on a node that suffers, or did so since
    a moment ago."""
    suffering: dict[str, float] = {}
    ended: dict[str, frozenset[str]] = {}
    for event, at in zip(history.events, history.times, strict=True):
        if isinstance(event, Fault):
            ended[event.name] = event.nodes
            suffering |= dict.fromkeys(event.nodes, float("inf"))
        elif isinstance(event, Over):
            suffering |= dict.fromkeys(ended.pop(event.name, frozenset()), at + WITHIN)
        elif isinstance(event, Unknown | Cut) and at > suffering.get(event.node, 0.0):
            yield f"{_trouble(event)} on {event.node}, which had no fault"


def _trouble(event: Unknown | Cut) -> str:
    if isinstance(event, Unknown):
        return f"{event.key} was left unknown ({event.why})"
    return f"{event.reader} was cut off ({event.code})"
