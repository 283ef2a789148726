import logging
from collections.abc import Callable

from application.ports.notifier import Listener, Notifier
from domain.events import Event
from domain.ids import RoomId

_log = logging.getLogger(__name__)


class InProcessNotifier(Notifier):
    """Calls the gateways of this process, one after another, before `publish` returns."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def publish(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:  # noqa: BLE001  # A gateway's mistake must not reach the writer.
                _log.exception("a gateway failed on %s", type(event).__name__)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def follow(self, room_id: RoomId) -> None:
        """All that happens, happens here."""

    def unfollow(self, room_id: RoomId) -> None:
        """As above."""
