import secrets
import uuid

from application.ports.clock import Clock
from application.ports.id_source import IdSource


class RandomIds(IdSource):
    """UUIDv7 (RFC 9562, method 1): milliseconds, a counter that keeps the order within one, and
    62 random bits."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def new_id(self) -> str:
        milliseconds = int(self._clock.now().timestamp() * 1000)
        # 48 bits of time and 12 of counter, always growing, even when the clock is set back.
        self._last = max(self._last + 1, milliseconds << 12)
        time, counter = self._last >> 12, self._last & 0xFFF
        bits = time << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | secrets.randbits(62)
        return str(uuid.UUID(int=bits))

    def new_secret(self) -> str:
        return secrets.token_urlsafe(32)
