"""From a post to the last of five hundred readers, at half of the highest rate.

An open loop: posts are due at a steady rate, whether or not earlier ones are answered, and each is
timed from the moment when it was due. What waits behind a slow one counts as slow, as it is for
people. (Who waits for an answer before asking again leaves out just the worst moments.)
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench import plots
from bench.crowd import Counted, Crowd
from bench.databases import Database
from bench.fan_out import IN_FLIGHT, READERS, SENDERS, WARM_UP
from bench.looks import percentile
from bench.process import PORT, serving
from bench.site import Site, check_stored, everybody, make_site
from bench.tables import TIME_TO_SPARE, Goal, Spread, Table

P50_GOAL, P99_GOAL = Goal(most=5), Goal(most=25)
SHARES = (2, 3, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True)
class Turn:
    """`highest` in a closed loop; `half` at half of its posts a second. `checked`: posts found in
    the store."""

    highest: Counted
    half: Counted
    checked: int

    def milliseconds(self, part: float) -> float:
        return percentile(self.half.latencies, part) * 1000


def measure(database: Database, *, turns: int, seconds: float) -> list[Turn]:
    """Raises `AssertionError` unless all that was acknowledged is stored exactly once."""
    site = asyncio.run(make_site(database.fresh(), everybody(READERS)))
    return [_turn(site, f"turn{number}p", seconds) for number in range(turns)]


def table(name: str, turns: Sequence[Turn]) -> Table:
    spread = Spread(f"Post to the last of {READERS} readers on {name}, at half of the highest rate")
    spread.row("highest rate, posts/s", [each.highest.posts_per_second for each in turns])
    spread.row("half of it, posts/s", [each.half.posts_per_second for each in turns])
    spread.row("p50, ms", [each.milliseconds(0.5) for each in turns], P50_GOAL, digits=1)
    spread.row("p99, ms", [each.milliseconds(0.99) for each in turns], P99_GOAL, digits=1)
    spread.row("slowest, ms", [each.milliseconds(1) for each in turns], digits=1)
    spread.row("Besedka's core busy with it, %", [each.half.server_busy * 100 for each in turns])
    spread.row("the crowd's core idle, %", [each.half.idle * 100 for each in turns], TIME_TO_SPARE)
    spread.row("found exactly once, no gap", [each.checked for each in turns])
    return spread.table


def plot(measured: Mapping[str, Sequence[Turn]]) -> str:
    """Over the share of posts that took longer, of all turns: one in 2, in 10, in 100 …"""
    series = {}
    for name, turns in measured.items():
        latencies = [each for turn in turns for each in turn.half.latencies]
        series[name] = [(one_in, percentile(latencies, 1 - 1 / one_in) * 1000) for one_in in SHARES]
    return plots.lines(
        f"Post to the last of {READERS} readers at half of the highest rate, ms",
        series,
        x_name="percentile",
        x_ticks={2: "50", 10: "90", 100: "99", 1000: "99.9"},
        bound=(25, "goal for p99"),
    )


def _turn(site: Site, prefix: str, seconds: float) -> Turn:
    with serving(site.url) as server:
        crowd = Crowd(PORT, site.secrets, site.rooms, prefix)
        highest = crowd.talk(SENDERS, IN_FLIGHT, server, warm_up=WARM_UP, seconds=seconds)
        half = crowd.talk_at(highest.posts_per_second / 2, SENDERS, server, seconds=seconds)
        crowd.close()
    checked = asyncio.run(check_stored(site, prefix, crowd.acknowledged()))
    return Turn(highest, half, checked)
