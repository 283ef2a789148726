"""The contract of `RateLimits`."""

from collections.abc import Callable

import pytest

from application.ports.rate_limits import Action, RateLimits
from besedka_contracts.backend import clock
from besedka_contracts.moved_clock import MovedClock
from domain.errors import RateLimited

Make = Callable[[dict[Action, tuple[float, int]]], RateLimits]


async def spend(limits: RateLimits, times: int, *, key: str = "alice") -> int:
    """How many of so many posts are allowed."""
    allowed = 0
    for _ in range(times):
        try:
            await limits.require(Action.POST, key)
            allowed += 1
        except RateLimited:
            pass
    return allowed


async def test_a_burst_is_allowed_and_then_one_at_a_time(limits: Make, clock: MovedClock) -> None:
    bucket = limits({Action.POST: (2.0, 5)})

    assert await spend(bucket, 9) == 5
    clock.seconds += 0.5
    assert await spend(bucket, 9) == 1
    clock.seconds += 1.5
    assert await spend(bucket, 9) == 3
    clock.seconds += 1000
    assert await spend(bucket, 9) == 5


async def test_a_refusal_says_when_the_next_one_is_allowed(limits: Make, clock: MovedClock) -> None:
    bucket = limits({Action.POST: (0.1, 1)})
    await bucket.require(Action.POST, "alice")
    clock.seconds += 4

    with pytest.raises(RateLimited) as refused:
        await bucket.require(Action.POST, "alice")

    assert refused.value.retry_after == pytest.approx(6, abs=0.001)
    clock.seconds += refused.value.retry_after
    await bucket.require(Action.POST, "alice")


async def test_refused_actions_do_not_count(limits: Make, clock: MovedClock) -> None:
    bucket = limits({Action.POST: (1.0, 1)})
    assert await spend(bucket, 100) == 1

    clock.seconds += 1

    assert await spend(bucket, 100) == 1


async def test_people_and_actions_are_counted_apart(limits: Make) -> None:
    bucket = limits({Action.POST: (1.0, 1), Action.SIGN_IN: (1.0, 1)})

    assert await spend(bucket, 2) == 1
    assert await spend(bucket, 2, key="bob") == 1
    await bucket.require(Action.SIGN_IN, "alice")


async def test_a_rate_of_zero_is_no_limit(limits: Make) -> None:
    bucket = limits({Action.POST: (0, 1)})

    assert await spend(bucket, 1000) == 1000
    await bucket.require(Action.SIGN_IN, "alice")


async def test_a_clock_set_back_locks_nobody_out_for_longer_than_a_burst(
    limits: Make, clock: MovedClock
) -> None:
    bucket = limits({Action.POST: (1.0, 3)})
    await spend(bucket, 3)

    clock.seconds -= 3600
    assert await spend(bucket, 3) == 0
    clock.seconds += 3

    assert await spend(bucket, 4) == 3
