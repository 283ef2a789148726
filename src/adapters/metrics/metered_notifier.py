from collections.abc import Callable

from adapters.metrics.instruments import Instruments
from application.ports.notifier import Listener, Notifier
from domain.events import Event, RoomAppended
from domain.ids import RoomId
from domain.message import Kind


class MeteredNotifier(Notifier):
    """A notifier, measured: what this node has committed. What other nodes tell is theirs to
    count, and does not pass through `publish`."""

    def __init__(self, notifier: Notifier, instruments: Instruments) -> None:
        self._notifier = notifier
        self._batch_messages = instruments.batch_messages
        self._posts = instruments.posts

    def publish(self, event: Event) -> None:
        self._notifier.publish(event)
        if isinstance(event, RoomAppended):
            self._batch_messages.observe(len(event.messages))
            self._posts.inc([message.kind for message in event.messages].count(Kind.POSTED))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        return self._notifier.subscribe(listener)

    def follow(self, room_id: RoomId) -> None:
        self._notifier.follow(room_id)

    def unfollow(self, room_id: RoomId) -> None:
        self._notifier.unfollow(room_id)
