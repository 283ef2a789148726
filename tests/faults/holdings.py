"""What a client holds of its rooms, by the rules of docs/protocol.md, and what it records of it."""

from collections.abc import Callable

from tests.faults.history import Deliver, Gone, History, Page, Reset, Standing, Start
from tests.faults.line import Frame

CatchUp = Callable[[str, int], None]


class Holdings:
    """`last` by room. `catch_up(room, head)` is called when the client must page; until
    `caught_up`, what is told of that room is left to the pages."""

    def __init__(self, history: History, reader: str, person: str, catch_up: CatchUp) -> None:
        self._history = history
        self._reader = reader
        self._person = person
        self._catch_up = catch_up
        self._behind: dict[str, int] = {}
        self.epoch = ""
        self.last: dict[str, int] = {}
        # What should be rare: entries that had come before, and jumps.
        self.repeats = 0
        self.jumps = 0

    @property
    def resume(self) -> Frame | None:
        return {"epoch": self.epoch, "rooms": self.last} if self.epoch else None

    def greeted(self, answer: Frame) -> None:
        """What is in the answer and was held before is resumed: its push follows."""
        self.epoch = answer["epoch"]
        self._behind.clear()
        rooms = {room["id"]: room for room in answer["rooms"]}
        for room_id in self.last.keys() - rooms.keys():
            self._gone(room_id)
        for room_id, room in rooms.items():
            standing = Standing(self._reader, room_id, room["head"], room["read"], room["unread"])
            if room_id not in self.last:
                self._start(room_id, room["head"])
            self._history.record(standing)

    def take(self, push: Frame) -> None:
        match push["type"]:
            case "message":
                self._apply(push["message"], live=True)
            case "replay":
                for message in push["messages"]:
                    self._apply(message, live=False)
            case "reset":
                self._reset(push["room"], push["head"])
            case "head":
                self._hear(push["rooms"])
            case "room" if push["room"]["role"] is not None:
                self._start(push["room"]["id"], push["room"]["head"])
            case "room_gone":
                self._gone(push["room"])

    def page(self, room_id: str, asked: int, after: int, answer: Frame) -> bool:
        """Apply a page that was asked for to catch up. Whether there is more to ask for."""
        entries = [(each["seq"], what_is(each)) for each in answer["messages"]]
        upto = entries[-1][0] if entries else after
        if not answer["more_after"]:  # Changes are not listed, and may be the last.
            upto = max(upto, self._behind.get(room_id, 0))
        self._history.record(Page(self._reader, room_id, asked, after, upto, entries, applied=True))
        self.last[room_id] = upto
        if upto >= self._behind.get(room_id, 0):
            self._behind.pop(room_id, None)
        return room_id in self._behind

    def _apply(self, message: Frame, *, live: bool) -> None:
        room_id, seq = message["room"], message["seq"]
        last = self.last.get(room_id)
        if last is None:  # The first that is heard of a room that somebody was just added to.
            last = self._start(room_id, seq - 1)
        if seq <= last:
            self.repeats += 1
        elif seq > last + 1 or room_id in self._behind:
            self._leap(room_id, seq)
        else:
            self._history.record(Deliver(self._reader, room_id, seq, what_is(message), live))
            self.last[room_id] = seq

    def _reset(self, room_id: str, head: int) -> None:
        self._history.record(Reset(self._reader, room_id, head))
        self.last[room_id] = head

    def _hear(self, heads: dict[str, int]) -> None:
        """The beacon."""
        for room_id, head in heads.items():
            if head > self.last.get(room_id, head):
                self._leap(room_id, head)

    def _leap(self, room_id: str, head: int) -> None:
        is_new = room_id not in self._behind
        self._behind[room_id] = max(head, self._behind.get(room_id, 0))
        if is_new:
            self.jumps += 1
            self._catch_up(room_id, head)

    def _start(self, room_id: str, seq: int) -> int:
        if room_id not in self.last:
            self.last[room_id] = seq
            self._history.record(Start(self._reader, self._person, room_id, seq))
        return self.last[room_id]

    def _gone(self, room_id: str) -> None:
        if self.last.pop(room_id, None) is not None:
            self._behind.pop(room_id, None)
            self._history.record(Gone(self._reader, room_id))


def what_is(message: Frame) -> str:
    """A post is known by the first word of its text, everything else by what happened to whom."""
    if message["kind"] == "posted":
        return str(message.get("text", "")).partition(" ")[0]
    person = message.get("subject") or message.get("author") or {}
    return f"{message['kind']} {person.get('username', '')}"
