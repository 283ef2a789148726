"""What `make faults` runs: the doses of a release, the short ones first."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.away import Away
from tests.faults.cluster import Layout
from tests.faults.dying import DieInTheMiddle, KillNodes, Roll, die_before_ack
from tests.faults.lines import HalfOpen, SlowReaders
from tests.faults.mortal import AHEAD
from tests.faults.odd import FillDisk, PostTwice, SetClocks
from tests.faults.storm import Storm
from tests.faults.strike import Strike

MORTAL = "tests.faults.mortal"
LOGGED = {"log_statement": "all"}
DATABASES = ("sqlite", "postgres", "mongo")
SHARED = DATABASES[1:]
HEARTBEAT = 5.0
ALONE = {"nodes": 1, "redis": False}


@dataclass(frozen=True)
class Run:
    """`name` is what is asked for on the command line."""

    name: str
    strikes: Sequence[Strike]
    layout: Layout


def on_both(name: str, strikes: Sequence[Strike], **layout: object) -> list[Run]:
    return [
        Run(name, strikes, Layout(database, **layout))  # type: ignore[arg-type]
        for database in SHARED
    ]


def full() -> list[Run]:
    return [
        *on_both("F10", [PostTwice(20, 60)]),
        *on_both("F4", [Roll(6)]),
        *on_both("F8", [HalfOpen(50, HEARTBEAT)], settings=heartbeat(HEARTBEAT), **ALONE),
        *on_both("F11", [SetClocks(15)], program=MORTAL, skewed={AHEAD: "3600"}),
        *on_both("F1", [KillNodes(6, 10)]),
        *on_both("F6", [redis_away(5, 3, 20)], own_redis=True),
        *on_both("F5", [database_away(5, 3, 10)], own_database=True),
        Run("F12", [FillDisk(10)], alone("sqlite")),
        # A heartbeat that is faster than the talk would send them away first, without a code.
        Run(
            "F7",
            [SlowReaders(20, 180, text=4000)],
            alone("postgres", settings=heartbeat(120)),
        ),
        Run(
            "F9",
            [Storm(2000)],
            alone("postgres", own_database=True, database_settings=LOGGED),
        ),
        *on_both("F2", [DieInTheMiddle(50)], program=MORTAL),
        *on_both("F3", [die_before_ack(50)], program=MORTAL),
    ]


def alone(database: str, **layout: object) -> Layout:
    """One node without a Redis."""
    return Layout(database, **ALONE, **layout)  # type: ignore[arg-type]


def database_away(restarts: int, hangs: int, seconds: float) -> Away:
    return Away("F5 database away", "database", restarts, hangs, seconds)


def redis_away(restarts: int, hangs: int, seconds: float) -> Away:
    return Away("F6 Redis away", "redis", restarts, hangs, seconds)


def heartbeat(seconds: float) -> dict[str, str]:
    return {"BESEDKA_HEARTBEAT_SECONDS": f"{seconds:g}"}
