"""How long it takes to look at a store: at a small room that is alone in it, at a small room beside
a large one, and at the large one, by turns, so that all three meet the same mood of the machine."""

import asyncio
import math
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from application.ports.store import Store, Unit
from bench.filling import Filled
from bench.process import SERVER_CORE
from bench.site import store_at
from bench.tables import MET, MISSED, Goal, Table
from domain.room import Room

WARM_UP = 20  # Statements are prepared by then, and PostgreSQL has chosen how to plan them.
LONGEST = 20.0  # Seconds for one kind of look; who needs longer is looked at less often.
FEWEST = 6

Look = Callable[[Unit, Room], Awaitable[object]]


@dataclass(frozen=True)
class Looked:
    """Seconds of each look in one turn."""

    alone: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    large: list[float] = field(default_factory=list)

    def ratio(self, part: float) -> float:
        """Of the large store to the small one; in the large store, the slower room."""
        slower = max(percentile(self.beside, part), percentile(self.large, part))
        return slower / percentile(self.alone, part)


def measure(
    filled: Filled, looks: dict[str, Look], *, times: int, turns: int
) -> dict[str, list[Looked]]:
    """For each kind of look, each turn."""
    with _server_core():
        return asyncio.run(_measure(filled, looks, times, turns))


def percentile(values: list[float], part: float) -> float:
    """The smallest value that so large a part of them does not exceed."""
    return sorted(values)[math.ceil(part * len(values)) - 1]


def middle(turns: list[Looked], room: str, part: float) -> float:
    """The median of the turns."""
    return statistics.median(percentile(getattr(turn, room), part) for turn in turns)


def table(
    title: str, filled: Filled, measured: Mapping[str, list[Looked]], goal: Goal | None
) -> Table:
    """Medians of the turns, in milliseconds; of the ratios the spread as well."""
    small, large = f"{filled.small.head:,}", f"{filled.large.head:,}"
    columns = [
        f"{room}: {part}"
        for room in (f"{small} alone", f"{small} beside", large)
        for part in ("p50", "p99")
    ]
    made = Table(
        f"{title} on {filled.database.name}, ms",
        [*columns, "ratio of p50", "ratio of p99", "goal", ""],
    )
    parts = [(room, part) for room in ("alone", "beside", "large") for part in (0.5, 0.99)]
    for name, turns in measured.items():
        cells = [f"{middle(turns, room, part) * 1000:.1f}" for room, part in parts]
        ratios = [[turn.ratio(part) for turn in turns] for part in (0.5, 0.99)]
        met = MET if goal and all(map(goal.is_met, ratios)) else MISSED
        verdict = (str(goal), met) if goal else ("", "")
        made.add_row(name, *cells, *map(_spread, ratios), *verdict)
    return made


def _spread(ratios: Sequence[float]) -> str:
    return f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"


async def _measure(
    filled: Filled, looks: dict[str, Look], times: int, turns: int
) -> dict[str, list[Looked]]:
    measured: dict[str, list[Looked]] = {}
    async with store_at(filled.alone) as alone, store_at(filled.url) as store:
        for name, look in looks.items():
            await _turn(alone, store, filled, look, WARM_UP)
            measured[name] = [await _turn(alone, store, filled, look, times) for _ in range(turns)]
    return measured


async def _turn(alone: Store, store: Store, filled: Filled, look: Look, times: int) -> Looked:
    looked = Looked()
    until = time.perf_counter() + LONGEST
    while len(looked.large) < times:
        looked.alone.append(await _timed(alone, look, filled.small))
        looked.beside.append(await _timed(store, look, filled.small))
        looked.large.append(await _timed(store, look, filled.large))
        if time.perf_counter() > until and len(looked.large) >= FEWEST:
            break
    return looked


async def _timed(store: Store, look: Look, room: Room) -> float:
    started = time.perf_counter()
    async with store.view() as view:
        await look(view, room)
    return time.perf_counter() - started


@contextmanager
def _server_core() -> Iterator[None]:
    """What is measured in this process runs where a server would."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {SERVER_CORE})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
