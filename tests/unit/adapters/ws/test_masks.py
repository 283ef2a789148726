from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from adapters.ws.masks import Masks

MASK = b"\x01\x02\x03\x04"
lengths = st.one_of(st.integers(0, 8), st.sampled_from([125, 126, 127, 300, 0xFFFF, 0x10000]))


def frame(length: int, *, is_masked: bool = True) -> bytes:
    mask = 0x80 if is_masked else 0
    if length < 126:
        head = bytes([0x81, mask | length])
    elif length < 1 << 16:
        head = bytes([0x81, mask | 126]) + length.to_bytes(2, "big")
    else:
        head = bytes([0x81, mask | 127]) + length.to_bytes(8, "big")
    return head + (MASK if is_masked else b"") + bytes(length)


def in_pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[first:last] for first, last in pairwise(places)]


@given(st.lists(lengths, max_size=6), st.lists(st.integers(0, 10**6), max_size=12))
def test_masked_frames_are_whole_in_whatever_pieces_they_come(
    sizes: list[int], cuts: list[int]
) -> None:
    masks = Masks()

    for piece in in_pieces(b"".join(map(frame, sizes)), cuts):
        assert masks.count_masked(piece) == len(piece)


@given(st.lists(lengths, max_size=4), lengths, st.lists(st.integers(0, 10**6), max_size=12))
def test_the_first_frame_without_a_mask_ends_it(
    before: list[int], bare: int, cuts: list[int]
) -> None:
    masks = Masks()
    good = b"".join(map(frame, before))
    pieces = in_pieces(good + frame(bare, is_masked=False) + frame(3), cuts)

    counted = sum(map(masks.count_masked, pieces))

    # Its first byte does not tell, and may have come alone.
    starts = accumulate(map(len, pieces), initial=0)
    assert counted == len(good) + (len(good) + 1 in starts)


def test_nothing_after_it_counts() -> None:
    masks = Masks()
    masks.count_masked(frame(3, is_masked=False))

    assert masks.count_masked(frame(3)) == 0


def test_a_declared_length_beyond_all_bounds_is_believed() -> None:
    masks = Masks()

    assert masks.count_masked(b"\x81\xff" + (2**62).to_bytes(8, "big") + MASK) == 14
    assert masks.count_masked(bytes(1000)) == 1000
