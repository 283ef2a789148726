"""Frames as RFC 6455 draws them, read back by another hand."""

import struct

import pytest

from adapters.ws.frames import text_frame


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_a_frame_says_how_long_it_is(length: int) -> None:
    payload = b"x" * length

    frame = text_frame(payload)

    final_text, size = frame[0], frame[1]
    assert final_text == 0b1000_0001
    header = 2
    if size == 126:
        (size,) = struct.unpack_from("!H", frame, 2)
        header = 4
        assert size >= 126
    elif size == 127:
        (size,) = struct.unpack_from("!Q", frame, 2)
        header = 10
        assert size >= 1 << 16
    assert size == length
    assert frame[header:] == payload


def test_a_server_masks_nothing() -> None:
    assert text_frame(b"hi") == b"\x81\x02hi"
