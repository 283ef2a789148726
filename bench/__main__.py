"""`make bench`: every figure as a table, with its goal; `python -m bench --help` for parts."""

import argparse
import os
import resource
import signal
import sys
from contextlib import ExitStack

from rich.console import Console

from bench import carrying, durable, fan_out, filling, idle, looks, pages, searches, tables
from bench.databases import STARTED, Database, started
from bench.filling import Filled
from bench.machine import machine
from bench.process import CLIENT_CORE

PARTS = ("fan_out", "idle", "stores", "pages", "search", "copy")
OPEN_FILES = 16_384
# How many times the bare driver's rate; MongoDB's transactions take several trips.
POSTS_GOALS = {"SQLite": 5.0, "PostgreSQL": 5.0, "MongoDB": 3.0}
PAGES_GOAL, SEARCH_GOAL = 2.0, 5.0


def main() -> None:
    options = _options()
    # Whoever ends it early leaves neither servers nor gigabytes behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    console = Console(width=200)  # A row that is broken is no row in Markdown.
    console.print(machine(), soft_wrap=True)
    # The server has the other core to itself.
    os.sched_setaffinity(0, {CLIENT_CORE})
    if "fan_out" in options.parts:
        console.print(tables.fan_outs(fan_out.measure(options.turns)))
    if "idle" in options.parts:
        console.print(tables.idles(idle.measure()))
    if {"stores", "pages", "search", "copy"} & set(options.parts):
        with ExitStack() as stack:
            found = {name: stack.enter_context(started(name)) for name in options.databases}
            databases = {name: database for name, database in found.items() if database}
            _measure_stores(options, console, databases)


def _measure_stores(
    options: argparse.Namespace, console: Console, databases: dict[str, Database]
) -> None:
    if "stores" in options.parts:
        for database in databases.values():
            turns = durable.measure(database, turns=options.turns, seconds=options.seconds)
            console.print(tables.durables(database.name, turns, POSTS_GOALS[database.name]))
    filled: dict[str, Filled] = {}
    for name, database in databases.items():
        is_copied = name == "sqlite" and "copy" in options.parts
        if is_copied or {"pages", "search"} & set(options.parts):
            console.print(f"Filling {database.name} …")
            filled[name] = filling.fill(database, small=options.small, large=options.messages)
            _look(options, console, filled[name])
    if filled:
        console.print(tables.fillings(list(filled.values())))
    if "copy" in options.parts and {"sqlite", "postgresql"} <= set(databases):
        source, target = filled["sqlite"], databases["postgresql"]
        copies = [carrying.measure(source, target) for _ in range(options.turns)]
        console.print(tables.carryings(source, target.name, copies))


def _look(options: argparse.Namespace, console: Console, filled: Filled) -> None:
    def measured(kinds: dict[str, looks.Look]) -> dict[str, list[looks.Looked]]:
        return looks.measure(filled, kinds, times=options.looks, turns=options.turns)

    if "pages" in options.parts:
        title = f"A page of {pages.PAGE}"
        console.print(tables.looks(title, filled, measured(pages.LOOKS), PAGES_GOAL))
    if "search" in options.parts:
        easy, hard = measured(searches.LOOKS), measured(searches.HARD)
        console.print(tables.looks("A search", filled, easy, SEARCH_GOAL))
        console.print(tables.looks("A search that an index helps little", filled, hard, None))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; or all")
    parser.add_argument("--databases", nargs="+", choices=STARTED, default=list(STARTED))
    parser.add_argument("--turns", type=int, default=3, help="of everything (%(default)s)")
    parser.add_argument("--seconds", type=float, default=4.0, help="of posting (%(default)s)")
    parser.add_argument("--small", type=int, default=1_000, help="room, messages (%(default)s)")
    parser.add_argument(
        "--messages", type=int, default=1_000_000, help="of the large room (%(default)s)"
    )
    parser.add_argument("--looks", type=int, default=200, help="of each kind (%(default)s)")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    options.parts = options.parts or list(PARTS)
    return options


if __name__ == "__main__":
    main()
