"""A room as one node's sockets hear it: strictly by seq, members only, encoded once."""

from collections.abc import Callable, Iterable, Sequence

from adapters.ws.connection import Connection
from adapters.ws.dialects import Dialect, Encoded, encode_all
from domain.ids import RoomId
from domain.message import EXPELLING, Message

Expelled = Callable[[Connection, Message], None]


class Channel:
    """The listeners of one room. `head` is the last seq that they were sent.

    `on_expelled` is called for each connection whose person is no longer a member, right after
    the entry that says so; no later entry reaches it.
    """

    def __init__(self, room_id: RoomId, head: int, on_expelled: Expelled) -> None:
        self.room_id = room_id
        self.head = head
        self.listeners: set[Connection] = set()
        self._on_expelled = on_expelled

    def follows(self, messages: Sequence[Message]) -> bool:
        """Whether there is no hole between what was sent and these messages."""
        return messages[0].seq <= self.head + 1

    def deliver(self, messages: Iterable[Message]) -> int:
        """Send what is new of these, consecutive, messages. How many that were, counted for each
        listener."""
        count = 0
        stretch: list[Message] = []
        for message in messages:
            if message.seq <= self.head:
                continue
            self.head = message.seq
            stretch.append(message)
            if message.kind in EXPELLING:
                count += self._send(stretch)
                stretch = []
                self._expel(message)
        if stretch:
            count += self._send(stretch)
        return count

    def _send(self, messages: Sequence[Message]) -> int:
        encoded: dict[Dialect, Encoded] = {}
        for connection in self.listeners:
            batch = encoded.get(connection.dialect)
            if batch is None:
                batch = encoded[connection.dialect] = encode_all(messages, connection.dialect)
            frames = batch.to_authors.get(connection.user.id, batch.to_others)
            connection.outbox.put(frames)
        return len(messages) * len(self.listeners)

    def _expel(self, message: Message) -> None:
        if message.member is None:
            return
        for connection in tuple(self.listeners):
            if connection.user.id == message.member.id:
                self.listeners.discard(connection)
                self._on_expelled(connection, message)
