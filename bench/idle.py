"""What a server costs that has nothing to do: time to start, memory for each connection, CPU."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.crowd import Crowd
from bench.process import CLIENT_CORE, PORT, SERVER_CORE, Process, serving
from bench.site import Site, make_site
from bench.tables import Goal, Spread, Table

# Everybody is in some rooms, on one device.
PEOPLE, ROOMS, ROOMS_EACH = 5_000, 500, 5
SETTLING_SECONDS, WATCHED_SECONDS = 10.0, 30.0
COLD_START_GOAL, MEMORY_GOAL, CPU_GOAL = Goal(most=1.5), Goal(most=20), Goal(most=3)


@dataclass(frozen=True)
class Turn:
    """`cold_start` in seconds to the first answer of `/readyz`; `kib_per_connection` above the
    server without any; `cpu` as a part of one core, with all of them open."""

    cold_start: float
    kib_per_connection: float
    cpu: float


def measure(turns: int) -> list[Turn]:
    rooms: list[list[int]] = [[] for _ in range(ROOMS)]
    for person in range(PEOPLE):
        for number in range(ROOMS_EACH):
            rooms[(person + number * ROOMS // ROOMS_EACH) % ROOMS].append(person)
    with tempfile.TemporaryDirectory(prefix="besedka-bench-") as folder:
        site = asyncio.run(make_site(f"sqlite:///{folder}/bench.db", rooms))
        return [_turn(site) for _ in range(turns)]


def table(turns: Sequence[Turn]) -> Table:
    spread = Spread(f"At rest on SQLite: {PEOPLE:,} people signed in, each in {ROOMS_EACH} rooms")
    starts = [each.cold_start for each in turns]
    spread.row("cold start to /readyz, s", starts, COLD_START_GOAL, digits=2)
    memory = [each.kib_per_connection for each in turns]
    spread.row("memory for each connection, KiB", memory, MEMORY_GOAL, digits=1)
    spread.row("CPU, % of a core", [each.cpu * 100 for each in turns], CPU_GOAL, digits=1)
    return spread.table


def _turn(site: Site) -> Turn:
    started = time.perf_counter()
    with serving(site.url, cores=(SERVER_CORE, CLIENT_CORE)):
        cold_start = time.perf_counter() - started
    with serving(site.url) as server:
        before = server.resident_kib()
        crowd = Crowd(PORT, site.secrets, site.rooms)
        crowd.rest(
            SETTLING_SECONDS
        )  # They hear who else came, and the server forgets what it read.
        memory = (server.resident_kib() - before) / crowd.size
        cpu = _watched(server, crowd)
        crowd.close()
    return Turn(cold_start, memory, cpu)


def _watched(server: Process, crowd: Crowd) -> float:
    used = server.cpu_seconds()
    crowd.rest(WATCHED_SECONDS)
    return (server.cpu_seconds() - used) / WATCHED_SECONDS
