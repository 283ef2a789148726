"""WebSocket frames as bytes (RFC 6455, §5.2), so that one encoding serves all who receive it."""

from struct import pack

_FINAL_TEXT = 0x81


def text_frame(payload: bytes) -> bytes:
    """One whole, unmasked text frame: what a server sends."""
    length = len(payload)
    if length < 126:
        return pack("!BB", _FINAL_TEXT, length) + payload
    if length < 1 << 16:
        return pack("!BBH", _FINAL_TEXT, 126, length) + payload
    return pack("!BBQ", _FINAL_TEXT, 127, length) + payload
