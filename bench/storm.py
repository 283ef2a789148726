"""Two thousand sockets are cut at once, miss some posts, and come back at once.

What they missed is to be read once for all who come back together: reads of the log should grow
with the rooms and not with the clients. So they are counted for many clients and for a quarter of
them. Who somebody is has to be looked up for each, in any case.
"""

import asyncio
import json
import os
import signal
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.crowd import Crowd
from bench.databases import Database
from bench.looks import percentile
from bench.process import PORT, ROOT, SERVE, Process, serving
from bench.returning import Returned, all_return, places
from bench.site import Site, check_stored, make_site
from bench.tables import Goal, Spread, Table

ROOMS, EACH = 20, 101  # The first of each room is a talker, who stays.
CLIENTS = ROOMS * (EACH - 1)
FEWER = CLIENTS // 4
MISSED = 20  # Posts in each room.
BACK_GOAL = Goal(most=5)
# Four times the clients may cost so much more: some come too late to be served together.
GROWTH_GOAL = Goal(most=1.5)

LOG = "SELECT messages"

Statements = dict[str, int]


@dataclass(frozen=True)
class Turn:
    """How they came `back`. The statements of the store while all came
    back, and while `FEWER` did; empty where they are not counted."""

    back: Returned
    statements: Statements
    of_fewer: Statements
    checked: int

    @property
    def growth(self) -> float:
        """Of the reads of the log."""
        return self.statements.get(LOG, 0) / max(1, self.of_fewer.get(LOG, 0))


def measure(database: Database, *, turns: int) -> list[Turn]:
    """Raises `AssertionError` unless everybody heard what they missed exactly once, and it is
    stored exactly once."""
    rooms = [range(room, ROOMS * EACH, ROOMS) for room in range(ROOMS)]
    site = asyncio.run(make_site(database.fresh(), rooms))
    return [_turn(site, f"turn{number}") for number in range(turns)]


def table(name: str, turns: Sequence[Turn]) -> Table:
    what = f"{CLIENTS:,} sockets of {ROOMS} rooms cut at once on {name}"
    spread = Spread(f"{what}, {MISSED} posts missed in each room")
    middle = [percentile(each.back.seconds, 0.5) for each in turns]
    spread.row("half of them caught up after, s", middle, digits=2)
    spread.row(
        "all caught up after, s", [each.back.seconds[-1] for each in turns], BACK_GOAL, digits=2
    )
    spread.row("turned away at first", [each.back.turned_away for each in turns])
    spread.row("not back after a minute", [each.back.lost for each in turns], Goal(most=0))
    if turns[0].statements:
        for about in sorted(turns[0].statements, key=lambda each: -turns[0].statements[each])[:6]:
            spread.row(f"{about}: statements", [each.statements.get(about, 0) for each in turns])
        each_client = [sum(each.statements.values()) / CLIENTS for each in turns]
        spread.row("all statements, for each client", each_client, digits=1)
        fewer = [each.of_fewer.get(LOG, 0) for each in turns]
        spread.row(f"{LOG} when {FEWER} come back: statements", fewer)
        spread.row(f"{LOG}: growth", [each.growth for each in turns], GROWTH_GOAL, digits=2)
    spread.row("found exactly once, no gap", [each.checked for each in turns])
    return spread.table


def _turn(site: Site, prefix: str) -> Turn:
    with tempfile.TemporaryDirectory(prefix="besedka-bench-") as folder:
        is_counted = site.url.startswith("sqlite:")
        file = Path(folder, "statements") if is_counted else None
        command = (str(ROOT / "bench" / "counted_server.py"), str(file), "serve")
        with serving(site.url, command=command if file else SERVE) as server:
            counting = _Counting(server, file)
            _, of_fewer, seen = _storm(site, FEWER, f"{prefix}f", counting)
            back, statements, seen_too = _storm(site, CLIENTS, f"{prefix}a", counting)
    return Turn(back, statements, of_fewer, seen + seen_too)


class _Counting:
    def __init__(self, server: Process, file: Path | None) -> None:
        self._server = server
        self._file = file

    def statements(self) -> Statements:
        """Since they were last asked for."""
        if self._file is None:
            return {}
        self._file.unlink(missing_ok=True)
        os.kill(self._server.pid, signal.SIGUSR1)
        until = time.monotonic() + 10
        while not self._file.exists() and time.monotonic() < until:
            time.sleep(0.01)
        return dict(json.loads(self._file.read_text()))


def _storm(
    site: Site, clients: int, prefix: str, counting: _Counting
) -> tuple[Returned, Statements, int]:
    """The talkers are the first persons; all others are cut."""
    leaving = site.secrets[ROOMS : ROOMS + clients]
    talkers = Crowd(PORT, site.secrets[:ROOMS], site.rooms, prefix, senders=ROOMS)
    readers = Crowd(PORT, leaving, site.rooms, prefix, senders=0)
    before = [places(PORT, secret)[0] for secret in site.secrets[:ROOMS]]
    readers.cut()
    talkers.say(MISSED)
    counting.statements()
    coming = [(secret, before[number % ROOMS]) for number, secret in enumerate(leaving)]
    back = all_return(PORT, coming, MISSED)
    statements = counting.statements()
    talkers.close()
    checked = asyncio.run(check_stored(site, prefix, talkers.acknowledged()))
    return back, statements, checked
