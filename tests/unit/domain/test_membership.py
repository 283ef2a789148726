"""The read position moves forward only, and never past the log."""

from hypothesis import given
from hypothesis import strategies as st

from tests.cast import a_membership, a_room, bob


def test_reading_on_moves_the_position() -> None:
    membership = a_membership(a_room(), bob(), read=3)

    assert membership.mark_read(5, head=9)
    assert membership.read == 5


def test_reading_what_was_read_moves_nothing() -> None:
    membership = a_membership(a_room(), bob(), read=5)

    assert not membership.mark_read(5, head=9)
    assert not membership.mark_read(2, head=9)
    assert membership.read == 5


def test_nobody_reads_past_the_end() -> None:
    membership = a_membership(a_room(), bob(), read=5)

    assert membership.mark_read(2**53, head=9)
    assert membership.read == 9


@given(st.lists(st.tuples(st.integers(-5, 50), st.integers(0, 40))))
def test_the_position_never_goes_back(moves: list[tuple[int, int]]) -> None:
    membership = a_membership(a_room(), bob())
    positions = [membership.read]

    for seq, head in moves:
        moved = membership.mark_read(seq, head=head)
        assert moved == (membership.read != positions[-1])
        positions.append(membership.read)

    assert positions == sorted(positions)
