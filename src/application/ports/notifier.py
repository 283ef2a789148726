from collections.abc import Callable
from typing import Protocol

from domain.events import Event
from domain.ids import RoomId

Listener = Callable[[Event], None]


class Notifier(Protocol):
    """Tells every gateway on every node what happened. A hint, never the truth: an event may be
    lost, repeated or late; gateways restore the order of `RoomAppended` by seq.

    What other nodes tell of a room comes to those nodes that follow it. What admits somebody to a
    room, and what is told of people, comes to all.
    """

    def publish(self, event: Event) -> None:
        """Hand the event on. Called after the commit only; returns at once, raises nothing."""
        ...

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with each event from now on, on the event loop; it must not block
        and must not raise. Returns the call that ends it."""
        ...

    def follow(self, room_id: RoomId) -> None:
        """Somebody here listens to the room. Returns at once; where other nodes may tell something
        of it, `RoomsMissed` says when they can be heard, and each time when they could not be for
        a while: whoever reads the log after that misses nothing. Each call counts."""
        ...

    def unfollow(self, room_id: RoomId) -> None:
        """Takes one `follow` back."""
        ...
