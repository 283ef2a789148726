"""WebSocket frames as bytes (RFC 6455, §5.2): whole and unmasked, as a server sends them.

They are made here, and not by a library, so that one encoding serves all who receive it.
"""

from struct import pack

_FINAL_TEXT = 0x81
_FINAL_CLOSE = 0x88
_FINAL_PING = 0x89
_FINAL_PONG = 0x8A

PING = pack("!BB", _FINAL_PING, 0)


def text_frame(payload: bytes) -> bytes:
    length = len(payload)
    if length < 126:
        return pack("!BB", _FINAL_TEXT, length) + payload
    if length < 1 << 16:
        return pack("!BBH", _FINAL_TEXT, 126, length) + payload
    return pack("!BBQ", _FINAL_TEXT, 127, length) + payload


def pong_frame(payload: bytes) -> bytes:
    """The answer to a ping of at most 125 bytes: longer ones are errors."""
    return pack("!BB", _FINAL_PONG, len(payload)) + payload


def close_frame(code: int, reason: str) -> bytes:
    """`reason` has at most 123 bytes."""
    payload = pack("!H", code) + reason.encode()
    return pack("!BB", _FINAL_CLOSE, len(payload)) + payload
