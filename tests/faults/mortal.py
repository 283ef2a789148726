"""Besedka as it is, but for some last words: a post that ends with them kills its node at an exact
point. And with a clock that can be wrong. It is another bootstrap: providers of the same container
are overridden, and nothing in src/ knows.

    python -m tests.faults.mortal serve
"""

import os
import signal
from datetime import datetime, timedelta

from dependency_injector import providers

import bootstrap
from adapters.system.system_clock import SystemClock
from application.ports.notifier import Notifier
from application.room_writer import RoomWriter
from domain.events import Event, RoomAppended

BEFORE_PUBLISH = "last words: untold"
BEFORE_ACK = "last words: unanswered"
AHEAD = "FAULTS_CLOCK_AHEAD_SECONDS"
BACK = timedelta(minutes=10)


class MortalNotifier:
    """What the room writer publishes to: it has committed, and nobody knows yet."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier

    def publish(self, event: Event) -> None:
        if ends_with(event, BEFORE_PUBLISH):
            os.kill(os.getpid(), signal.SIGKILL)
        self._notifier.publish(event)
        if ends_with(event, BEFORE_ACK):
            os.kill(os.getpid(), signal.SIGKILL)


class WrongClock(SystemClock):
    """Ahead by as much as the environment says; at SIGUSR1 it is put back by ten minutes."""

    def __init__(self) -> None:
        self._ahead = timedelta(seconds=float(os.environ.get(AHEAD, "0")))
        signal.signal(signal.SIGUSR1, lambda *_: self._put_back())

    def now(self) -> datetime:
        return super().now() + self._ahead

    def _put_back(self) -> None:
        self._ahead -= BACK


def ends_with(event: Event, words: str) -> bool:
    return isinstance(event, RoomAppended) and any(
        message.text.endswith(words) for message in event.messages
    )


def main() -> None:
    container = bootstrap.Container
    container.writer.override(
        providers.Singleton(
            RoomWriter,
            container.store,
            container.clock,
            providers.Singleton(MortalNotifier, container.notifier),
        )
    )
    container.clock.override(providers.Singleton(WrongClock))
    bootstrap.main()


if __name__ == "__main__":
    main()
