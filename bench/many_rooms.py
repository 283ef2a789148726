"""A hundred rooms of ten people who all post, beside one room of five hundred: there is less to
join when a room is small."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bench import fan_out
from bench.crowd import Counted, Crowd
from bench.databases import Database
from bench.process import PORT, serving
from bench.site import Site, check_stored, everybody, make_site
from bench.tables import TIME_TO_SPARE, Goal, Spread, Table

ROOMS, EACH = 100, 10
PEOPLE = ROOMS * EACH
GOAL = Goal(least=0.5)


@dataclass(frozen=True)
class Turn:
    many: Counted
    one: Counted
    checked: int

    @property
    def ratio(self) -> float:
        return self.many.deliveries_per_second / self.one.deliveries_per_second


def measure(database: Database, *, turns: int, seconds: float) -> list[Turn]:
    """Raises `AssertionError` unless all that was acknowledged is stored exactly once."""
    rooms = [range(room, PEOPLE, ROOMS) for room in range(ROOMS)]
    many = asyncio.run(make_site(database.fresh(), rooms))
    one = asyncio.run(make_site(database.fresh(), everybody(fan_out.READERS)))
    return [_turn(many, one, f"turn{number}p", seconds) for number in range(turns)]


def table(name: str, turns: Sequence[Turn]) -> Table:
    spread = Spread(f"{ROOMS} rooms × {EACH} people, all posting, on {name}")
    many, one = [each.many for each in turns], [each.one for each in turns]
    spread.row("deliveries/s", [each.deliveries_per_second for each in many])
    spread.row("posts/s", [each.posts_per_second for each in many])
    rates = [each.deliveries_per_second for each in one]
    spread.row(f"one room of {fan_out.READERS} in the same turn, deliveries/s", rates)
    spread.row("ratio", [each.ratio for each in turns], GOAL, digits=2)
    spread.row("Besedka's core busy with it, %", [each.server_busy * 100 for each in many])
    idle = [each.idle * 100 for each in (*many, *one)]
    spread.row("the crowd's core idle, %", idle, TIME_TO_SPARE)
    spread.row("found exactly once, no gap", [each.checked for each in turns])
    return spread.table


def _turn(many: Site, one: Site, prefix: str, seconds: float) -> Turn:
    in_many, checked = _talk(many, PEOPLE, prefix, seconds)
    in_one, checked_too = _talk(one, fan_out.SENDERS, prefix, seconds)
    return Turn(in_many, in_one, checked + checked_too)


def _talk(site: Site, senders: int, prefix: str, seconds: float) -> tuple[Counted, int]:
    in_flight, warm_up = fan_out.IN_FLIGHT, fan_out.WARM_UP
    with serving(site.url) as server:
        crowd = Crowd(PORT, site.secrets, site.rooms, prefix, senders=senders)
        counted = crowd.talk(senders, in_flight, server, warm_up=warm_up, seconds=seconds)
        crowd.close()
    return counted, asyncio.run(check_stored(site, prefix, crowd.acknowledged()))
