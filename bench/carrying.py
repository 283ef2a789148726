"""`besedka copy` of a filled store, as an operator runs it: its time and its memory."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench.databases import Database
from bench.filling import Filled
from bench.process import ROOT
from bench.tables import MIB, Goal, Spread, Table

# Linux counts for a process also what its parent had in memory when it was born. So its parent is
# a small one, on all cores, as an operator's shell is.
_SHELL = """
import json, os, subprocess, sys
os.sched_setaffinity(0, range(os.cpu_count()))
child = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
_, status, used = os.wait4(child.pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_maxrss * 1024,
                  used.ru_utime + used.ru_stime]))
"""


@dataclass(frozen=True)
class Carried:
    """`peak` is the largest resident set, in bytes; `cpu` the seconds that the command itself
    computed, which another program's work does not make longer."""

    seconds: float
    peak: int
    cpu: float


def measure(source: Filled, target: Database) -> Carried:
    """Raises `RuntimeError` with what it said unless it ended well."""
    copy = ["-m", "bootstrap", "copy", "--from", source.url, "--to", target.fresh()]
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-IS", "-c", _SHELL, sys.executable, *copy],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=True,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - started
    exit_code, peak, cpu = json.loads(done.stdout)
    if exit_code:
        raise RuntimeError(done.stderr)
    return Carried(seconds, peak, cpu)


def table(source: Filled, target: str, turns: Sequence[Carried]) -> Table:
    spread = Spread(
        f"besedka copy of {source.messages:,} messages, {source.database.name} → {target}, verified"
    )
    in_time = Goal(most=180) if source.messages >= 1_000_000 else None
    spread.row("seconds", [each.seconds for each in turns], in_time)
    spread.row("of them computing", [each.cpu for each in turns])
    spread.row("peak memory, MiB", [each.peak / MIB for each in turns], Goal(most=300))
    return spread.table
