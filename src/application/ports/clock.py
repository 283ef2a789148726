from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time. The only one the core knows, so that tests can move it."""

    def now(self) -> datetime:
        """The time in UTC, in whole milliseconds."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed on this clock."""
        ...
