"""The line between a worker and its parent: news in one direction, one JSON object a line; in the
other nothing but its end, which says stop, also when the parent was killed."""

import msgspec


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """Connections are accepted at this URL. `setup_path`: as the operator is told."""

    address: str
    setup_path: str | None


class Alive(msgspec.Struct, frozen=True, tag="alive"):
    """The event loop turns, and so many sockets are open."""

    connections: int


News = Ready | Alive

# Seconds between two signs of life.
BEAT = 2.0


def encode(news: News) -> bytes:
    return msgspec.json.encode(news) + b"\n"


def decode(line: bytes) -> News:
    return _decoder.decode(line)


_decoder: msgspec.json.Decoder[News] = msgspec.json.Decoder(News)
