"""`make bench`: every figure as a table, with its goal."""

import importlib.metadata
import os
import platform
import resource
import statistics
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import fan_out, idle

CLIENT_CORE = 1
OPEN_FILES = 16_384


def main() -> None:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    console = Console()
    console.print(_machine())
    os.sched_setaffinity(0, {CLIENT_CORE})  # The server has the other core to itself.
    console.print(_fan_out(fan_out.measure(turns)))
    console.print(_idle(idle.measure()))


def _machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    versions = " · ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("besedka", "aiohttp", "aiosqlite")
    )
    return f"{os.cpu_count()} × {model} · Python {platform.python_version()} · {versions}"


def _fan_out(turns: list[fan_out.Turn]) -> Table:
    table = Table(
        title=(
            f"One room of {fan_out.READERS}, {fan_out.SENDERS} senders × {fan_out.IN_FLIGHT} in "
            f"flight, 100 characters, stored durably in SQLite, server on one core"
        )
    )
    for column in ("", "min", "median", "max", "goal"):
        table.add_column(column, justify="left" if not column else "right")
    ours, theirs = [each.besedka for each in turns], [each.plain_loop for each in turns]
    _row(table, "Besedka, deliveries/s", [each.deliveries_per_second for each in ours])
    _row(table, "plain aiohttp loop, deliveries/s", [each.deliveries_per_second for each in theirs])
    _row(table, "ratio in the same turn", [each.ratio for each in turns], "≥ 3", digits=1)
    _row(table, "Besedka, posts/s", [each.posts_per_second for each in ours])
    _row(table, "plain aiohttp loop, posts/s", [each.posts_per_second for each in theirs])
    latency = [statistics.median(each.latencies) * 1000 for each in ours]
    _row(table, "Besedka, post to its answer, ms", latency, digits=1)
    idle_part = [each.idle * 100 for each in (*ours, *theirs)]
    _row(table, "clients' core idle, %", idle_part, "> 0")
    return table


def _idle(figures: idle.Idle) -> Table:
    table = Table(title=f"At rest, {figures.connections} signed-in connections, 5 rooms each")
    for column in ("", "min", "median", "max", "goal"):
        table.add_column(column, justify="left" if not column else "right")
    _row(table, "cold start to /readyz, s", figures.cold_starts, "≤ 1.5", digits=2)
    _row(table, "memory per connection, KiB", [figures.kib_per_connection], "≤ 25", digits=1)
    _row(table, "CPU, % of a core", [figures.cpu * 100], digits=1)
    return table


def _row(table: Table, name: str, values: list[float], goal: str = "", *, digits: int = 0) -> None:
    spread = (min(values), statistics.median(values), max(values))
    table.add_row(name, *(f"{value:,.{digits}f}" for value in spread), goal)


if __name__ == "__main__":
    main()
