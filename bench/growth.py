"""What one delivery costs the server when a room grows from ten readers to five thousand."""

import asyncio
import statistics
from collections.abc import Mapping, Sequence

from bench import plots
from bench.crowd import Counted, Crowd
from bench.databases import Database
from bench.fan_out import IN_FLIGHT, SENDERS, WARM_UP
from bench.process import PORT, serving
from bench.site import Site, check_stored, make_site
from bench.tables import TIME_TO_SPARE, Goal, Spread, Table

# Of more than 500 readers each person has several sockets open, up to ten.
READERS = (10, 30, 100, 300, 1000, 2000, 5000)
PEOPLE = 500
# A larger room may cost so much more than the cheapest smaller one, for each delivery.
FLAT = 1.25

Sizes = Mapping[int, Sequence[Counted]]


def measure(database: Database, *, turns: int, seconds: float) -> Sizes:
    """The turns of each number of readers. Raises `AssertionError` unless all that was
    acknowledged is stored exactly once."""
    rooms = [range(min(readers, PEOPLE)) for readers in READERS]
    site = asyncio.run(make_site(database.fresh(), rooms))
    measured: dict[int, list[Counted]] = {readers: [] for readers in READERS}
    for number in range(turns):
        for place, readers in enumerate(READERS):
            # Nobody says two things with one key.
            measured[readers].append(_turn(site, place, f"turn{number}of{readers}p", seconds))
    return measured


def tables(name: str, sizes: Sizes) -> list[Table]:
    what = f"From {READERS[0]} to {READERS[-1]:,} readers of one room on {name}"
    costs = Spread(f"{what}: µs of the server's CPU for each delivery")
    rates = Spread(f"{what}: deliveries/s")
    idle = Spread(f"{what}: the crowd's core idle, %")
    least: float | None = None
    for readers, turns in sizes.items():
        values = [each.cpu_per_delivery * 1e6 for each in turns]
        goal = None if least is None else Goal(most=round(least * FLAT, 3))
        costs.row(f"{readers:,} readers", values, goal, digits=2)
        least = min(least or values[0], *values)
        rates.row(f"{readers:,} readers", [each.deliveries_per_second for each in turns])
        idle.row(f"{readers:,} readers", [each.idle * 100 for each in turns], TIME_TO_SPARE)
    return [costs.table, rates.table, idle.table]


def plot(measured: Mapping[str, Sizes]) -> str:
    series = {
        name: [
            (float(readers), statistics.median(each.cpu_per_delivery * 1e6 for each in turns))
            for readers, turns in sizes.items()
        ]
        for name, sizes in measured.items()
    }
    ticks = {float(readers): f"{readers:,}" for readers in READERS}
    title = "The server's CPU for each delivery, µs"
    return plots.lines(title, series, x_name="readers of the room", x_ticks=ticks)


def _turn(site: Site, place: int, prefix: str, seconds: float) -> Counted:
    readers = READERS[place]
    secrets = [site.secrets[number % PEOPLE] for number in range(readers)]
    senders = min(SENDERS, readers)
    with serving(site.url) as server:
        crowd = Crowd(PORT, secrets, [site.rooms[place]], prefix)
        counted = crowd.talk(senders, IN_FLIGHT, server, warm_up=WARM_UP, seconds=seconds)
        crowd.close()
    asyncio.run(check_stored(site, prefix, crowd.acknowledged()))
    return counted
