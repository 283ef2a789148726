"""What the link to Redis and the relay over it count themselves, as numbers to look at."""

from typing import Protocol

from prometheus_client import Counter

from adapters.metrics.instruments import Instruments
from adapters.metrics.sampling import Count
from adapters.redis.link import RedisLink


class Outgoing(Protocol):
    sent: int
    dropped: int


class Relay(Protocol):
    """The notifier between nodes."""

    received: int
    malformed: int
    foreign: int

    @property
    def outgoing(self) -> Outgoing: ...


def relay_counts(
    instruments: Instruments, link: RedisLink, relay: Relay
) -> list[tuple[Counter, Count]]:
    fate = instruments.relays.labels
    return [
        (instruments.redis_errors, lambda: link.failures),
        (instruments.redis_outages, lambda: link.outages),
        (fate("sent"), lambda: relay.outgoing.sent),
        (fate("dropped"), lambda: relay.outgoing.dropped),
        (fate("received"), lambda: relay.received),
        (fate("malformed"), lambda: relay.malformed),
        (fate("foreign"), lambda: relay.foreign),
    ]
