"""How fast one socket may ask."""

from collections.abc import Callable

from domain.errors import TooManyRequests

FLOODING = 4029

# How often in a row somebody is told to slow down.
PATIENCE = 500

# How many seconds' worth of requests may come at once: a page that opens asks for much.
BURST = 4.0


class Pace:
    """A bucket of requests that fills at `per_second`; 0 is no limit."""

    __slots__ = ("_at", "_left", "_per_second")

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._left = per_second * BURST
        self._at: float | None = None

    def take(self, now: float) -> float:
        """Count one request at `now`, in seconds on any clock that goes forward. How many seconds
        are to pass before it would be allowed: 0 if it is. One that is refused does not count."""
        if not self._per_second:
            return 0.0
        if self._at is not None:
            gained = (now - self._at) * self._per_second
            self._left = min(self._left + gained, self._per_second * BURST)
        self._at = now
        if self._left < 1:
            return (1 - self._left) / self._per_second
        self._left -= 1
        return 0.0


class Patience:
    """Going on and on after being told to slow down is a flood, and ends the socket."""

    __slots__ = ("_refused",)

    def __init__(self) -> None:
        self._refused = 0

    def answered(self) -> None:
        self._refused = 0

    def refused(self, refusal: Exception, end: Callable[[int, str], None]) -> None:
        self._refused = self._refused + 1 if isinstance(refusal, TooManyRequests) else 0
        if self._refused > PATIENCE:
            end(FLOODING, "flooding")
