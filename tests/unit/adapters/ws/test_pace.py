"""How fast one socket may ask."""

import pytest

from adapters.ws.pace import BURST, Pace


def test_so_many_may_come_at_once_and_then_one_by_one() -> None:
    pace = Pace(10)

    at_once = [pace.take(100.0) for _ in range(int(10 * BURST))]
    too_soon = pace.take(100.0)
    later = pace.take(100.001 + too_soon)

    assert at_once == [0.0] * len(at_once)
    assert too_soon == pytest.approx(0.1)
    assert later == 0.0


def test_waiting_longer_does_not_add_to_the_burst() -> None:
    pace = Pace(10)
    pace.take(0.0)

    after_a_day = [pace.take(86_400.0) for _ in range(int(10 * BURST) + 1)]

    assert [bool(wait) for wait in after_a_day].count(True) == 1


def test_zero_is_no_limit() -> None:
    assert not any(Pace(0).take(0.0) for _ in range(10_000))
