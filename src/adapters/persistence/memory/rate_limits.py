"""Rate limits of this one node: token buckets."""

from collections import OrderedDict
from collections.abc import Mapping

from application.ports.clock import Clock
from application.ports.rate_limits import Action, RateLimits
from domain.errors import RateLimited


class MemoryRateLimits(RateLimits):
    """`limits` gives each action its rate per second and its burst; a rate of 0, or no entry,
    means that there is no limit."""

    def __init__(self, clock: Clock, limits: Mapping[Action, tuple[float, int]]) -> None:
        self._clock = clock
        self._buckets = {
            action: _Buckets(1 / per_second, burst)
            for action, (per_second, burst) in limits.items()
            if per_second > 0
        }

    async def require(self, action: Action, key: str) -> None:
        buckets = self._buckets.get(action)
        wait = buckets.take(key, self._clock.now().timestamp()) if buckets else 0.0
        if wait > 0:
            raise RateLimited(wait)


class _Buckets:
    """The buckets of one action, each as the one time at which it will be full again (GCRA,
    ITU-T I.371): a bucket that is full needs not be kept."""

    def __init__(self, interval: float, burst: int) -> None:
        self._interval = interval
        self._capacity = max(burst, 1) * interval
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str, now: float) -> float:
        """Take a token. If there is none, the seconds until there is one."""
        self._forget_full(now)
        # A clock that was set back must not lock anybody out for longer than an empty bucket.
        full_at = min(max(self._full_at.get(key, now), now), now + self._capacity)
        wait = full_at + self._interval - (now + self._capacity)
        if wait > _ROUNDING:
            self._full_at[key] = full_at
            return wait
        self._full_at[key] = full_at + self._interval
        self._full_at.move_to_end(key)
        return 0.0

    def _forget_full(self, now: float) -> None:
        # Used last, full last: two from the front for each one that comes keeps memory bounded.
        for _ in range(2):
            if self._full_at and next(iter(self._full_at.values())) <= now:
                self._full_at.popitem(last=False)


# Seconds since 1970 as a float are exact to less than a microsecond.
_ROUNDING = 1e-5
