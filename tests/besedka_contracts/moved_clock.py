"""A clock for contracts that speak of time."""

from datetime import datetime

from application.ports.clock import Clock
from besedka_contracts.cast import at


class MovedClock(Clock):
    """Stands still until the test moves it."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return at(self.seconds)

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
