"""A room as one node's sockets hear it: strictly by seq, members only, encoded once."""

from collections.abc import Callable, Iterable, Sequence

from adapters.ws.connection import Connection
from adapters.ws.dialects import Dialect, Shown
from domain.ids import RoomId, UserId
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
        authors = {each.author.id for each in messages if each.author and each.key}
        shown: dict[Dialect, list[Shown]] = {}
        ready: dict[tuple[Dialect, UserId | None], bytes] = {}
        for connection in self.listeners:
            dialect, reader = connection.dialect, connection.user.id
            # Only authors see their own keys; everybody else shares the same bytes.
            author = reader if reader in authors else None
            frames = ready.get((dialect, author))
            if frames is None:
                if dialect not in shown:
                    shown[dialect] = [dialect.message(each) for each in messages]
                pairs = zip(messages, shown[dialect], strict=True)
                frames = b"".join(
                    frame.to_author if author and message.is_by(author) else frame.to_others
                    for message, frame in pairs
                )
                ready[dialect, author] = frames
            connection.outbox.put(frames)
        return len(messages) * len(self.listeners)

    def _expel(self, message: Message) -> None:
        if message.member is None:
            return
        for connection in tuple(self.listeners):
            if connection.user.id == message.member.id:
                self.listeners.discard(connection)
                self._on_expelled(connection, message)
