"""What a socket has received and nobody has taken yet."""

import asyncio
from typing import Any, Protocol

from aiohttp import WSMessage

# aiohttp's parser takes no other queue than this one, which has no public name.
from aiohttp._websocket.reader import WebSocketDataQueue


class Receiver(Protocol):
    """Who reads the line. The queue, when it is full, has it stop."""

    _reading_paused: bool

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def keeps(self, message: WSMessage) -> bool:
        """Whether the message is to wait for its turn; otherwise it is dealt with."""
        ...


class Inbox(WebSocketDataQueue):
    """Messages in the order in which they came, up to about twice `limit` bytes of them."""

    def __init__(self, receiver: Receiver, limit: int) -> None:
        owner: Any = receiver  # What it asks of a protocol of its own library is in `Receiver`.
        super().__init__(owner, limit, loop=asyncio.get_running_loop())
        self._receiver = receiver

    def feed_data(self, data: Any, size: int) -> None:
        if self._receiver.keeps(data):
            super().feed_data(data, size)

    def close(self) -> None:
        """Nobody takes anything any more."""
        self.feed_eof()
