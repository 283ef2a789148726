"""Who wants to know how the sockets are doing."""

from collections.abc import Iterable
from typing import Protocol

from application.use_cases.resume_rooms import Replay, Reset


class Watcher(Protocol):
    """Told once for a batch, a tick or an event and never for each reader: it is on the way of
    every message. Returns at once and raises nothing."""

    def delivered(self, count: int) -> None:
        """So many messages were put on their way, counted for each reader."""
        ...

    def fanned_out(self, seconds: float) -> None:
        """So long after the gateway was told of the first batch of a tick, all batches of that
        tick were written."""
        ...

    def resumed(self, verdicts: Iterable[Replay | Reset]) -> None:
        """A client came back, and this was said of its rooms."""
        ...

    def ended(self, code: int) -> None:
        """A socket is closed from this side, with this code."""
        ...


class Unwatched(Watcher):
    def delivered(self, count: int) -> None: ...

    def fanned_out(self, seconds: float) -> None: ...

    def resumed(self, verdicts: Iterable[Replay | Reset]) -> None: ...

    def ended(self, code: int) -> None: ...


UNWATCHED = Unwatched()
