"""A client in few lines: the room as it looks to who got a page and then every message."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from domain.message import CHANGES, Kind, Message


@dataclass
class Reader:
    """`shown` is what is on the screen, by seq; `seq` the last one that was applied."""

    seq: int = 0
    shown: dict[int, Message] = field(default_factory=dict)

    def load(self, page: Iterable[Message], head: int) -> None:
        """Start anew from a page that was read when the log ended at `head`."""
        self.shown = {message.seq: message for message in page}
        self.seq = head

    def apply(self, messages: Iterable[Message]) -> None:
        for message in messages:
            if message.seq <= self.seq:
                continue  # A repetition.
            assert message.seq == self.seq + 1, f"{message.seq} came after {self.seq}"
            self.seq = message.seq
            self._apply(message)

    def _apply(self, message: Message) -> None:
        target = self.shown.get(message.target or 0)
        if message.kind is Kind.EDITED and target and not target.deleted:
            edited = replace(
                target, text=message.text, mentions=message.mentions, edited_at=message.at
            )
            self.shown[target.seq] = edited
        elif message.kind is Kind.DELETED and target:
            self.shown[target.seq] = replace(target, text="", mentions=(), deleted=True)
        elif message.kind is Kind.CLEARED:
            upto = message.upto or 0
            self.shown = {seq: kept for seq, kept in self.shown.items() if seq > upto}
        if message.kind not in CHANGES:
            self.shown[message.seq] = message
