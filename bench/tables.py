"""Figures as tables, in Markdown, so that a page of the documentation can hold them as they are."""

import statistics
from collections.abc import Mapping, Sequence

from rich import box
from rich.table import Table

from bench import durable, fan_out, idle
from bench.carrying import Carried
from bench.filling import Filled
from bench.looks import Looked, middle

MIB = 2**20


def fan_outs(turns: list[fan_out.Turn]) -> Table:
    table = _spread(
        f"One room of {fan_out.READERS}, {fan_out.SENDERS} senders × {fan_out.IN_FLIGHT} in "
        f"flight, 100 characters, stored durably in SQLite, server on one core"
    )
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


def idles(figures: idle.Idle) -> Table:
    table = _spread(f"At rest, {figures.connections} signed-in connections, 5 rooms each")
    _row(table, "cold start to /readyz, s", figures.cold_starts, "≤ 1.5", digits=2)
    _row(table, "memory per connection, KiB", [figures.kib_per_connection], "≤ 25", digits=1)
    _row(table, "CPU, % of a core", [figures.cpu * 100], digits=1)
    return table


def durables(name: str, turns: list[durable.Turn], goal: float) -> Table:
    table = _spread(
        f"Durable posts per second on {name}: one room, {durable.SENDERS} senders × "
        f"{durable.IN_FLIGHT} in flight, 100 characters, server on one core"
    )
    _row(table, "Besedka, from socket to socket", [each.besedka.posts_per_second for each in turns])
    _row(table, "bare driver, one connection", [each.bare for each in turns])
    _row(table, "ratio in the same turn", [each.ratio for each in turns], f"≥ {goal:g}", digits=1)
    together = [each for each in turns if each.bare_together]
    if together:
        connections = f"{durable.SENDERS} connections"
        _row(table, f"bare driver, {connections}", [each.bare_together or 0 for each in together])
        ratios = [each.ratio_together or 0 for each in together]
        _row(table, f"ratio to {connections}", ratios, digits=1)
    latency = [statistics.median(each.besedka.latencies) * 1000 for each in turns]
    _row(table, "Besedka, post to its answer, ms", latency, digits=1)
    busy = [each.besedka.server_busy * 100 for each in turns]
    _row(table, "Besedka's core busy with it, %", busy)
    _row(table, "found exactly once, no gap", [each.checked for each in turns], "all")
    return table


def looks(
    title: str, filled: Filled, measured: Mapping[str, list[Looked]], goal: float | None
) -> Table:
    """Medians of the turns, in milliseconds; of the ratios the spread as well."""
    small, large = f"{filled.small.head:,}", f"{filled.large.head:,}"
    table = Table(title=f"{title} on {filled.database.name}, ms", box=box.MARKDOWN)
    table.add_column("")
    for room in (f"{small} alone", f"{small} beside", large):
        table.add_column(f"{room}: p50", justify="right")
        table.add_column("p99", justify="right")
    table.add_column("ratio of p50", justify="right")
    table.add_column("ratio of p99", justify="right")
    table.add_column("goal", justify="right")
    parts = [(room, part) for room in ("alone", "beside", "large") for part in (0.5, 0.99)]
    for name, turns in measured.items():
        cells = [f"{middle(turns, room, part) * 1000:.1f}" for room, part in parts]
        ratios = [_ratios([turn.ratio(part) for turn in turns]) for part in (0.5, 0.99)]
        table.add_row(name, *cells, *ratios, f"≤ {goal:g}" if goal else "")
    return table


def fillings(all_filled: Sequence[Filled]) -> Table:
    table = Table(title="Filling a store through the ports, 2,000 at a time", box=box.MARKDOWN)
    for column in ("", "messages", "seconds", "messages/s", "MiB on disk per million"):
        table.add_column(column, justify="right" if column else "left")
    for filled in all_filled:
        table.add_row(
            filled.database.name,
            f"{filled.messages:,}",
            f"{filled.seconds:.0f}",
            f"{filled.messages / filled.seconds:,.0f}",
            f"{filled.bytes_on_disk / filled.messages * 1e6 / MIB:,.0f}",
        )
    return table


def carryings(source: Filled, target: str, turns: list[Carried]) -> Table:
    name = source.database.name
    table = _spread(f"besedka copy of {source.messages:,} messages, {name} → {target}, verified")
    _row(table, "seconds", [each.seconds for each in turns], "≤ 180 for 1,000,000")
    _row(table, "of them computing", [each.cpu for each in turns])
    _row(table, "peak memory, MiB", [each.peak / MIB for each in turns], "≤ 300")
    return table


def _spread(title: str) -> Table:
    table = Table(title=title, box=box.MARKDOWN)
    for column in ("", "min", "median", "max", "goal"):
        table.add_column(column, justify="left" if not column else "right")
    return table


def _row(
    table: Table, name: str, values: Sequence[float], goal: str = "", *, digits: int = 0
) -> None:
    spread = (min(values), statistics.median(values), max(values))
    table.add_row(name, *(f"{value:,.{digits}f}" for value in spread), goal)


def _ratios(ratios: Sequence[float]) -> str:
    return f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"
