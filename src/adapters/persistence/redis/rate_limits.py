"""Rate limits over all nodes: the same buckets as in memory, kept by Redis on its own clock."""

from collections.abc import Callable, Mapping

from adapters.redis.link import RedisAway, RedisLink, Script
from application.ports.rate_limits import Action, RateLimits
from domain.errors import RateLimited


class RedisRateLimits(RateLimits):
    """`limits` gives each action its rate per second and its burst; a rate of 0, or no entry,
    means that there is no limit. While Redis is away `alone` limits what is done on this node.
    `now`, in seconds, is for tests: the clocks of nodes may differ, so Redis takes its own."""

    def __init__(
        self,
        link: RedisLink,
        limits: Mapping[Action, tuple[float, int]],
        alone: RateLimits,
        now: Callable[[], float] | None = None,
    ) -> None:
        self._link = link
        self._alone = alone
        self._now = now
        self._buckets = {
            action: (1 / per_second, max(burst, 1) / per_second)
            for action, (per_second, burst) in limits.items()
            if per_second > 0
        }

    async def require(self, action: Action, key: str) -> None:
        bucket = self._buckets.get(action)
        if bucket is None:
            return
        now = "" if self._now is None else repr(self._now())
        name = self._link.key("limit", action, key)
        try:
            wait = float(await self._link.run(_TAKE, [name], *map(repr, bucket), now))
        except RedisAway:
            await self._alone.require(action, key)
            return
        if wait > 0:
            raise RateLimited(wait)


# A bucket is the one time at which it will be full again (GCRA, ITU-T I.371), so it is nothing
# once it is full. Numbers travel as text: Redis would cut fractions off. Below the tolerance they
# are rounding, as seconds since 1970 are exact to less than a microsecond.
_TAKE = Script("""
local interval, capacity, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if not now then
    local time = redis.call('TIME')
    now = time[1] + time[2] / 1000000
end
local full_at = tonumber(redis.call('GET', KEYS[1]) or now)
full_at = math.min(math.max(full_at, now), now + capacity)
local wait = full_at + interval - (now + capacity)
if wait < 0.00001 then
    wait = 0
    full_at = full_at + interval
end
local lasts = math.ceil((full_at - now) * 1000)
redis.call('SET', KEYS[1], string.format('%.6f', full_at), 'PX', lasts)
return tostring(wait)
""")
