"""What clients did and saw, in the order in which they did: the material that is judged.

`what` is how an entry of a room's log is told apart in all places: a post by its text, which is
its key and then padding; everything else by its kind and whom it is about.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Invoke:
    """The author is about to send the post for the first time."""

    author: str
    room: str
    key: str


@dataclass(frozen=True, slots=True)
class Ack:
    author: str
    room: str
    key: str
    seq: int


@dataclass(frozen=True, slots=True)
class Fail:
    """Refused for good: it is not stored, and never will be."""

    author: str
    room: str
    key: str
    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer, or one that says: perhaps. The author will repeat it."""

    author: str
    room: str
    key: str
    node: str
    why: str


@dataclass(frozen=True, slots=True)
class Start:
    """The reader, a client of this person, holds the room up to `seq` and reads on from there."""

    reader: str
    person: str
    room: str
    seq: int


@dataclass(frozen=True, slots=True)
class Deliver:
    """The reader applied the entry: told as it happened if `live`, else in a replay."""

    reader: str
    room: str
    seq: int
    what: str
    live: bool = True


@dataclass(frozen=True, slots=True)
class Reset:
    """The reader was told to start anew: what it holds ends with `seq`."""

    reader: str
    room: str
    seq: int


@dataclass(frozen=True, slots=True)
class Page:
    """All that is listed after `after` and up to `upto`. `asked` is how long the history was when
    it was asked for. A reader that had seen a jump goes on from there if `applied`."""

    reader: str
    room: str
    asked: int
    after: int
    upto: int
    entries: Sequence[tuple[int, str]]
    applied: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """The person is out of the room; the reader hears nothing more of it."""

    reader: str
    room: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a hello says of one room, all of one moment."""

    reader: str
    room: str
    head: int
    read: int
    unread: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A client lost its socket."""

    reader: str
    node: str
    code: int | None


@dataclass(frozen=True, slots=True)
class Back:
    """A client said hello, for the first time or again, and was answered."""

    reader: str
    node: str


@dataclass(frozen=True, slots=True)
class Dot:
    """Somebody is shown as online or not, while `connected` says whether they have a socket."""

    observer: str
    person: str
    online: bool
    connected: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """It begins. `nodes` are those that suffer; clients of the others must notice nothing."""

    name: str
    nodes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Over:
    """The last fault is over: all can be well again."""

    name: str


Event = (
    Invoke
    | Ack
    | Fail
    | Unknown
    | Start
    | Deliver
    | Reset
    | Page
    | Gone
    | Standing
    | Cut
    | Back
    | Dot
    | Fault
    | Over
)


@dataclass
class History:
    """Everything that happens in one process is recorded here, so there is one order of it."""

    events: list[Event] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    clock: Callable[[], float] = time.monotonic

    def record(self, event: Event) -> None:
        self.events.append(event)
        self.times.append(self.clock())

    def __len__(self) -> int:
        return len(self.events)

    def count(self, kind: type[Event]) -> int:
        return sum(isinstance(event, kind) for event in self.events)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a room's log, read from the store when all is over. `listed`: whether pages
    show it. `admits` and `expels` are people."""

    seq: int
    what: str
    author: str | None = None
    posted: bool = True
    listed: bool = True
    admits: str | None = None
    expels: str | None = None


Logs = dict[str, Sequence[Entry]]
