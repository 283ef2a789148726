"""The parts of the benchmark: each measures something and shows it."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from bench import (
    carrying,
    durable,
    fan_out,
    filling,
    growth,
    idle,
    latency,
    looks,
    many_rooms,
    pages,
    searches,
    storm,
    workers,
)
from bench.databases import Database
from bench.filling import Filled
from bench.tables import Goal, Table

PAGES_GOAL, SEARCH_GOAL = Goal(most=2), Goal(most=5)


@dataclass
class Run:
    """What was asked for, and what later parts make use of. `plots` are SVG, by name."""

    options: argparse.Namespace
    databases: Sequence[Database]
    filled: dict[str, Filled] = field(default_factory=dict)
    plots: dict[str, str] = field(default_factory=dict)

    @property
    def turns(self) -> int:
        return int(self.options.turns)

    @property
    def seconds(self) -> float:
        return float(self.options.seconds)

    @property
    def sql(self) -> list[Database]:
        """The databases of the figures for full rooms."""
        return [each for each in self.databases if each.name in ("SQLite", "PostgreSQL")]

    def fill(self, database: Database) -> Filled:
        """Filled once, for whoever needs it first."""
        if database.name not in self.filled:
            sizes = {"small": self.options.small, "large": self.options.messages}
            self.filled[database.name] = filling.fill(database, **sizes)
        return self.filled[database.name]

    def looked(self, filled: Filled, kinds: dict[str, looks.Look]) -> dict[str, list[looks.Looked]]:
        return looks.measure(filled, kinds, times=self.options.looks, turns=self.turns)


def _fan_out(run: Run) -> Iterator[Table]:
    turns = fan_out.measure(run.sql, turns=run.turns, seconds=run.seconds)
    run.plots["peers"] = fan_out.plot(turns, len(run.sql))
    yield from fan_out.tables(turns, run.sql)


def _latency(run: Run) -> Iterator[Table]:
    measured = {
        each.name: latency.measure(each, turns=run.turns, seconds=run.seconds) for each in run.sql
    }
    run.plots["latency"] = latency.plot(measured)
    yield from (latency.table(name, turns) for name, turns in measured.items())


def _rooms(run: Run) -> Iterator[Table]:
    for database in run.sql:
        turns = many_rooms.measure(database, turns=run.turns, seconds=run.seconds)
        yield many_rooms.table(database.name, turns)


def _growth(run: Run) -> Iterator[Table]:
    measured = {
        each.name: growth.measure(each, turns=run.turns, seconds=run.seconds) for each in run.sql
    }
    run.plots["growth"] = growth.plot(measured)
    yield from chain.from_iterable(growth.tables(*each) for each in measured.items())


def _idle(run: Run) -> Iterator[Table]:
    yield idle.table(idle.measure(run.turns))


def _storm(run: Run) -> Iterator[Table]:
    for database in run.sql:
        yield storm.table(database.name, storm.measure(database, turns=run.turns))


def _workers(run: Run) -> Iterator[Table]:
    if lacks := workers.lacks():
        print(lacks)
        return
    for database in run.sql:
        if database.name == "PostgreSQL":
            turns = workers.measure(database, turns=run.turns, seconds=run.seconds)
            yield workers.table(database.name, turns)


def _stores(run: Run) -> Iterator[Table]:
    for database in run.databases:
        turns = durable.measure(database, turns=run.turns, seconds=run.seconds)
        yield durable.table(database.name, turns)


def _pages(run: Run) -> Iterator[Table]:
    for database in run.databases:
        filled = run.fill(database)
        looked = run.looked(filled, pages.LOOKS)
        yield looks.table(f"A page of {pages.PAGE}", filled, looked, PAGES_GOAL)


def _search(run: Run) -> Iterator[Table]:
    for database in run.databases:
        filled = run.fill(database)
        looked = run.looked(filled, searches.LOOKS)
        yield looks.table("A search", filled, looked, SEARCH_GOAL)
        looked = run.looked(filled, searches.HARD)
        yield looks.table("A search that an index helps little", filled, looked, None)


def _copy(run: Run) -> Iterator[Table]:
    by_name = {each.name: each for each in run.databases}
    if {"SQLite", "PostgreSQL"} <= by_name.keys():
        source, target = run.fill(by_name["SQLite"]), by_name["PostgreSQL"]
        copies = [carrying.measure(source, target) for _ in range(run.turns)]
        yield carrying.table(source, target.name, copies)
    yield filling.table(list(run.filled.values()))


PARTS: dict[str, Callable[[Run], Iterator[Table]]] = {
    "fan_out": _fan_out,
    "latency": _latency,
    "rooms": _rooms,
    "growth": _growth,
    "idle": _idle,
    "storm": _storm,
    "workers": _workers,
    "stores": _stores,
    "pages": _pages,
    "search": _search,
    "copy": _copy,
}
NEED_A_CROWD = frozenset(PARTS) - {"pages", "search", "copy"}
