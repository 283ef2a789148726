"""How to talk to a server: what is said at the door, and what a post and its answer look like."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """After the upgrade on `path` the client says `greeting`, and is in when it has heard so many
    `answers`. `post` makes one of a room, a key and a text; `ack` is in the answer to it, and in
    no other frame; `refusal` in an answer that says no."""

    path: str
    greeting: bytes
    answers: int
    post: Callable[[str, str, str], bytes]
    ack: bytes
    refusal: bytes


# Its own protocol; the peers that have none are spoken to in it as well.
BESEDKA = Dialect(
    path="/ws",
    greeting=b'{"id":0,"type":"hello"}',
    answers=1,
    post=lambda room, key, text: (
        f'{{"id":1,"type":"post","room":"{room}","key":"{key}","text":"{text}"}}'.encode()
    ),
    ack=b'"type":"ok"',
    refusal=b'"type":"error"',
)

# Socket.IO 5 on Engine.IO 4, over WebSocket alone. A frame begins with what it is: 40 connects, 42
# is an event and 43 the answer to it; the 1 behind that is the number of the event.
SOCKET_IO = Dialect(
    path="/socket.io/?EIO=4&transport=websocket",
    greeting=b"40",
    answers=2,
    post=lambda room, key, text: (
        f'421["post",{{"room":"{room}","key":"{key}","text":"{text}"}}]'.encode()
    ),
    ack=b'431["ok"]',
    refusal=b"44{",  # Not to be let in is all that it can say.
)
