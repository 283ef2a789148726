from collections.abc import Iterable

from adapters.metrics.instruments import Instruments
from application.use_cases.resume_rooms import Replay, Reset

# Told as 0 from the start, or the first reader who is too slow would be no increase of anything.
TOO_SLOW = 4008


class SocketWatcher:
    """What the sockets tell of themselves (their `Watcher`), once for a batch or an event."""

    def __init__(self, instruments: Instruments) -> None:
        self._deliveries = instruments.deliveries
        self._fan_out_seconds = instruments.fan_out_seconds
        self._replays = instruments.replays
        self._resets = instruments.resets
        self._closes = instruments.closes
        self._closes.labels(TOO_SLOW)

    def delivered(self, count: int) -> None:
        self._deliveries.inc(count)

    def fanned_out(self, seconds: float) -> None:
        self._fan_out_seconds.observe(seconds)

    def resumed(self, verdicts: Iterable[Replay | Reset]) -> None:
        for verdict in verdicts:
            if isinstance(verdict, Reset):
                self._resets.inc()
            elif verdict.messages:
                self._replays.inc()

    def ended(self, code: int) -> None:
        self._closes.labels(code).inc()
