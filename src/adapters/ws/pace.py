"""How fast one socket may ask."""

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
