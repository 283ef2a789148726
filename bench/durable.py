"""Durable posts per second through the whole program, beside the bare driver of the same database.

The program has one core to itself; the database and the clients share the other. The bare driver
runs in the place of the program, on the same tables and as durably.
"""

import asyncio
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from bench.crowd import Counted, Crowd
from bench.databases import Database
from bench.process import PORT, ROOT, SERVER_CORE, pinned, serving
from bench.site import Site, check_stored, everybody, last_seq, make_site
from bench.tables import TIME_TO_SPARE, Goal, Spread, Table

SENDERS, IN_FLIGHT = 20, 4
WARM_UP = 1.0
# Posts a second; and how many times the bare driver's rate: MongoDB's transactions take several
# trips.
GOALS = {"SQLite": Goal(least=10_000), "PostgreSQL": Goal(least=10_000)}
RATIO_GOALS = {"SQLite": Goal(least=5), "PostgreSQL": Goal(least=5), "MongoDB": Goal(least=3)}


@dataclass(frozen=True)
class Turn:
    """`bare` and `bare_together` are messages per second with one connection and with as many as
    there are senders; None where a database has one writer at a time."""

    besedka: Counted
    bare: float
    bare_together: float | None
    checked: int

    @property
    def ratio(self) -> float:
        return self.besedka.posts_per_second / self.bare

    @property
    def ratio_together(self) -> float | None:
        return self.bare_together and self.besedka.posts_per_second / self.bare_together


def measure(database: Database, *, turns: int, seconds: float) -> list[Turn]:
    """Raises `AssertionError` unless all that was acknowledged is stored exactly once."""
    # The second room is the bare driver's.
    site = asyncio.run(make_site(database.fresh(), everybody(SENDERS, rooms=2)))
    return [_turn(site, number, seconds) for number in range(turns)]


def table(name: str, turns: Sequence[Turn]) -> Table:
    spread = Spread(
        f"Durable posts/s on {name}: one room, {SENDERS} senders × {IN_FLIGHT} in flight"
    )
    ours = [each.besedka for each in turns]
    rates = [each.posts_per_second for each in ours]
    spread.row("Besedka, from socket to socket", rates, GOALS.get(name))
    spread.row("bare driver, one connection", [each.bare for each in turns])
    ratios = [each.ratio for each in turns]
    spread.row("ratio in the same turn", ratios, RATIO_GOALS.get(name), digits=1)
    if together := [each.bare_together for each in turns if each.bare_together]:
        spread.row(f"bare driver, {SENDERS} connections", together)
        ratios = [each.ratio_together for each in turns if each.ratio_together]
        spread.row(f"ratio to {SENDERS} connections", ratios, digits=1)
    answers = [statistics.median(each.latencies) * 1000 for each in ours]
    spread.row("Besedka, post to its answer, ms", answers, digits=1)
    spread.row("Besedka's core busy with it, %", [each.server_busy * 100 for each in ours])
    spread.row("the crowd's core idle, %", [each.idle * 100 for each in ours], TIME_TO_SPARE)
    spread.row("found exactly once, no gap", [each.checked for each in turns])
    return spread.table


def _turn(site: Site, number: int, seconds: float) -> Turn:
    prefix = f"turn{number}p"
    with serving(site.url) as server:
        crowd = Crowd(PORT, site.secrets, site.rooms[:1], prefix)
        counted = crowd.talk(SENDERS, IN_FLIGHT, server, warm_up=WARM_UP, seconds=seconds)
        crowd.close()
    checked = asyncio.run(check_stored(site, prefix, crowd.acknowledged()))
    together = None if site.url.startswith("sqlite:") else _bare(site, seconds, writers=SENDERS)
    return Turn(counted, _bare(site, seconds, writers=1), together, checked)


def _bare(site: Site, seconds: float, *, writers: int) -> float:
    room, author = site.rooms[1], site.people[0]
    last = asyncio.run(last_seq(site.url, room))
    program = str(ROOT / "bench" / "peers" / "bare_driver.py")
    done = subprocess.run(
        [sys.executable, program, site.url, room, author, str(last), str(seconds), str(writers)],
        check=True,
        stdout=subprocess.PIPE,
        preexec_fn=pinned(SERVER_CORE),
        timeout=seconds + 60,
    )
    return float(done.stdout)
