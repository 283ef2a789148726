"""Two workers beside one, on PostgreSQL with Redis between them.

Two workers need two cores, and the crowd a third one. Where there is none, two workers share the
second core with the crowd and the database, so their deliveries say little. What can be measured
there is what a delivery costs: two cores to themselves could do twice as much as one, less what
two workers need more of CPU for each delivery. That is an upper bound, and called one.
"""

import asyncio
import importlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench.crowd import Counted, Crowd
from bench.databases import Database
from bench.fan_out import IN_FLIGHT, READERS, SENDERS, WARM_UP
from bench.process import CLIENT_CORE, PORT, ROOT, SERVE, SERVER_CORE, serving
from bench.site import Site, check_stored, everybody, make_site
from bench.tables import TIME_TO_SPARE, Goal, Spread, Table

GOAL = Goal(least=1.6)
# The first core is the server's and the second the crowd's in all parts; a third is free.
FREE_CORES = [core for core in range(os.cpu_count() or 1) if core != CLIENT_CORE]
TWO_CORES = FREE_CORES[:2] if len(FREE_CORES) > 1 else [SERVER_CORE, CLIENT_CORE]
IS_SHARED = CLIENT_CORE in TWO_CORES


@dataclass(frozen=True)
class Turn:
    one: Counted
    two: Counted
    checked: int

    @property
    def faster(self) -> float:
        return self.two.deliveries_per_second / self.one.deliveries_per_second

    @property
    def bound(self) -> float:
        return 2 * self.one.cpu_per_delivery / self.two.cpu_per_delivery


def lacks() -> str | None:
    """Why it cannot be measured with this program, or on this machine."""
    said = subprocess.run(
        [sys.executable, *SERVE, "--help"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    if "--workers" not in said.stdout:
        return "NOT MEASURED: two workers: this `besedka serve` has no --workers"
    if importlib.util.find_spec("tests.servers.valkey") is None:
        return "NOT MEASURED: two workers: there is no Redis to start for them"
    return None


def measure(database: Database, *, turns: int, seconds: float) -> list[Turn]:
    """Raises `AssertionError` unless all that was acknowledged is stored exactly once."""
    site = asyncio.run(make_site(database.fresh(), everybody(READERS)))
    with _redis() as redis_url:
        return [_turn(site, redis_url, f"turn{number}", seconds) for number in range(turns)]


def table(name: str, turns: Sequence[Turn]) -> Table:
    spread = Spread(f"Two workers beside one: a room of {READERS} on {name} with Redis")
    shared = ", sharing a core with the crowd and the database" if IS_SHARED else ""
    one, two = [each.one for each in turns], [each.two for each in turns]
    spread.row("one worker, deliveries/s", [each.deliveries_per_second for each in one])
    spread.row(f"two workers{shared}, deliveries/s", [each.deliveries_per_second for each in two])
    goal = None if IS_SHARED else GOAL
    spread.row(f"ratio{shared}", [each.faster for each in turns], goal, digits=2)
    for workers, counted in (("one worker", one), ("two workers", two)):
        cost = [each.cpu_per_delivery * 1e6 for each in counted]
        spread.row(f"{workers}, µs of CPU for each delivery", cost, digits=2)
    bound = [each.bound for each in turns]
    at_most = "upper bound of the ratio where two cores are free, from the CPU"
    spread.row(at_most, bound, GOAL if IS_SHARED else None, digits=2)
    spread.row(
        "the crowd's core idle with one, %", [each.idle * 100 for each in one], TIME_TO_SPARE
    )
    spread.row("the crowd's core idle with two, %", [each.idle * 100 for each in two])
    spread.row("found exactly once, no gap", [each.checked for each in turns])
    return spread.table


def _turn(site: Site, redis_url: str, prefix: str, seconds: float) -> Turn:
    one, checked = _talk(site, redis_url, 1, [SERVER_CORE], f"{prefix}one", seconds)
    two, checked_too = _talk(site, redis_url, 2, TWO_CORES, f"{prefix}two", seconds)
    return Turn(one, two, checked + checked_too)


def _talk(
    site: Site, redis_url: str, workers: int, cores: Sequence[int], prefix: str, seconds: float
) -> tuple[Counted, int]:
    command = [*SERVE, "--workers", str(workers)]
    environ = {"BESEDKA_REDIS_URL": redis_url}
    with serving(site.url, command=command, cores=cores, environ=environ) as server:
        crowd = Crowd(PORT, site.secrets, site.rooms, prefix)
        counted = crowd.talk(SENDERS, IN_FLIGHT, server, warm_up=WARM_UP, seconds=seconds)
        crowd.close()
    return counted, asyncio.run(check_stored(site, prefix, crowd.acknowledged()))


@contextmanager
def _redis() -> Iterator[str]:
    """One that keeps nothing on disk; nothing in it is the only copy of anything."""
    server = importlib.import_module("tests.servers.valkey").ValkeyServer()
    try:
        server.start()
        yield f"redis://127.0.0.1:{server.port}/0"
    finally:
        server.close()
