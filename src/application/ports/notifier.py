from collections.abc import Callable
from typing import Protocol

from domain.events import Event

Listener = Callable[[Event], None]


class Notifier(Protocol):
    """Tells every gateway on every node what happened. A hint, never the truth: an event may be
    lost, repeated or late; gateways restore the order of `RoomAppended` by seq."""

    def publish(self, event: Event) -> None:
        """Hand the event on. Called after the commit only; returns at once, raises nothing."""
        ...

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with each event from now on, on the event loop; it must not block
        and must not raise. Returns the call that ends it."""
        ...
