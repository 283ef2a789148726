"""Deliveries per second in one full room: Besedka on each database and its peers by turns."""

import asyncio
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import plots
from bench.crowd import Counted, Crowd
from bench.databases import Database
from bench.peer import C, Peer, found_peers
from bench.process import PORT, SERVER_CORE, Process, running, serving
from bench.site import Site, check_stored, everybody, make_site
from bench.tables import TIME_TO_SPARE, Goal, Spread, Table

READERS, SENDERS, IN_FLIGHT = 500, 20, 2
WARM_UP = 1.0
C_GOAL_ALONE = 0.7


@dataclass(frozen=True)
class Turn:
    """One measurement of each, one right after the other: the machine's mood is the same. By name;
    `full` with all in flight, `alone` with one post in flight. `checked`: posts that were looked
    up in the store."""

    full: dict[str, Counted] = field(default_factory=dict)
    alone: dict[str, Counted] = field(default_factory=dict)
    checked: dict[str, int] = field(default_factory=dict)


def measure(databases: Sequence[Database], *, turns: int, seconds: float) -> list[Turn]:
    """Raises `AssertionError` if a message that was acknowledged is not stored exactly once, or
    was not heard exactly once by everybody."""
    peers = found_peers()
    sites = {
        each.name: asyncio.run(make_site(each.fresh(), everybody(READERS))) for each in databases
    }
    return [_turn(sites, peers, f"turn{number}p", seconds) for number in range(turns)]


def tables(turns: Sequence[Turn], databases: Sequence[Database]) -> list[Table]:
    names = [each.name for each in databases]
    return [*_full_tables(turns, names), _alone_table(turns, names)]


def plot(turns: Sequence[Turn], ours: int) -> str:
    """All of them; the first `ours` are Besedka's."""
    rates: dict[str, tuple[float, float, float]] = {}
    for place, name in enumerate(turns[0].full):
        values = [turn.full[name].deliveries_per_second for turn in turns]
        shown = f"Besedka on {name}" if place < ours else name
        rates[shown] = min(values), statistics.median(values), max(values)
    title = f"Deliveries a second in a room of {READERS}, on one core"
    return plots.bars(title, rates, ours)


def _full_tables(turns: Sequence[Turn], names: Sequence[str]) -> list[Table]:
    what = f"One room of {READERS}, {SENDERS} senders × {IN_FLIGHT} in flight"
    rates = Spread(f"{what}: deliveries/s")
    idle = Spread(f"{what}: the crowd's core idle, %")
    for name in turns[0].full:
        counted = [turn.full[name] for turn in turns]
        rates.row(name, [each.deliveries_per_second for each in counted])
        idle.row(name, [each.idle * 100 for each in counted], TIME_TO_SPARE)
    ratios = Spread(f"{what}: deliveries of Besedka for each of a peer in the same turn")
    for name in names:
        for peer in found_peers():
            values = [_ratio(turn.full, name, peer.name) for turn in turns]
            ratios.row(f"{name} : {peer.name}", values, Goal(least=peer.goal), digits=1)
    return [rates.table, ratios.table, idle.table]


def _alone_table(turns: Sequence[Turn], names: Sequence[str]) -> Table:
    spread = Spread(f"One room of {READERS}, one post in flight: deliveries/s")
    for name in turns[0].alone:
        spread.row(name, [turn.alone[name].deliveries_per_second for turn in turns])
    for name in names:
        if C.name in turns[0].alone:
            values = [_ratio(turn.alone, name, C.name) for turn in turns]
            spread.row(f"{name} : {C.name}", values, Goal(least=C_GOAL_ALONE), digits=2)
    for name in turns[0].alone:
        idle = [turn.alone[name].idle * 100 for turn in turns]
        spread.row(f"the crowd's core idle with {name}, %", idle, TIME_TO_SPARE)
    for name in names:
        checked = [turn.checked[name] for turn in turns]
        spread.row(f"found exactly once in {name}, of both tables", checked)
    return spread.table


def _ratio(counted: dict[str, Counted], name: str, peer: str) -> float:
    return counted[name].deliveries_per_second / counted[peer].deliveries_per_second


def _turn(sites: dict[str, Site], peers: Sequence[Peer], prefix: str, seconds: float) -> Turn:
    turn = Turn()
    for name, site in sites.items():
        with serving(site.url) as server:
            crowd = Crowd(PORT, site.secrets, site.rooms, prefix)
            _talk(turn, name, crowd, server, seconds, alone=True)
        turn.checked[name] = asyncio.run(check_stored(site, prefix, crowd.acknowledged()))
    strangers, nowhere = ["nobody"] * READERS, ["a room"]
    for peer in peers:
        with tempfile.TemporaryDirectory(prefix="besedka-bench-") as folder:
            command = peer.command(PORT, Path(folder))
            with running(command, port=PORT, cores=[SERVER_CORE]) as server:
                crowd = Crowd(PORT, strangers, nowhere, prefix, dialect=peer.dialect)
                _talk(turn, peer.name, crowd, server, seconds, alone=peer is C)
    return turn


def _talk(
    turn: Turn, name: str, crowd: Crowd, server: Process, seconds: float, *, alone: bool
) -> None:
    turn.full[name] = crowd.talk(SENDERS, IN_FLIGHT, server, warm_up=WARM_UP, seconds=seconds)
    if alone:
        turn.alone[name] = crowd.talk(1, 1, server, warm_up=WARM_UP, seconds=seconds)
    crowd.close()
