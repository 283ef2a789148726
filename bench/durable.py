"""Durable posts per second through the whole program, beside the bare driver of the same database.

The program has one core to itself; the database and the clients share the other. The bare driver
runs in the place of the program, on the same tables and as durably.
"""

import asyncio
import subprocess
import sys
from dataclasses import dataclass

from bench.crowd import Counted, Crowd
from bench.databases import Database
from bench.process import ROOT, SERVER_CORE, besedka, pinned, running
from bench.site import Site, check_stored, last_seq, make_site

SENDERS, IN_FLIGHT = 20, 4
WARM_UP = 1.0
PORT = 18434


@dataclass(frozen=True)
class Turn:
    """`bare` and `bare_together` are messages per second with one connection and with as many as
    there are senders; None where a database has one writer at a time."""

    besedka: Counted
    bare: float
    bare_together: float | None
    checked: int

    @property
    def ratio(self) -> float:
        return self.besedka.posts_per_second / self.bare

    @property
    def ratio_together(self) -> float | None:
        return self.bare_together and self.besedka.posts_per_second / self.bare_together


def measure(database: Database, *, turns: int, seconds: float) -> list[Turn]:
    """Raises `AssertionError` unless all that was acknowledged is stored exactly once."""
    # The second room is the bare driver's.
    site = asyncio.run(make_site(database.fresh(), SENDERS, rooms=2))
    return [_turn(site, number, seconds) for number in range(turns)]


def _turn(site: Site, number: int, seconds: float) -> Turn:
    prefix = f"turn{number}p"
    command, environ = besedka(PORT, site.url)
    with running(command, port=PORT, core=SERVER_CORE, environ=environ) as server:
        crowd = Crowd(PORT, site.secrets, site.room, prefix)
        counted = crowd.talk(SENDERS, IN_FLIGHT, server, warm_up=WARM_UP, seconds=seconds)
        crowd.close()
    acknowledged = crowd.acknowledged()
    asyncio.run(check_stored(site, prefix, acknowledged))
    together = None if site.url.startswith("sqlite:") else _bare(site, seconds, writers=SENDERS)
    return Turn(counted, _bare(site, seconds, writers=1), together, len(acknowledged))


def _bare(site: Site, seconds: float, *, writers: int) -> float:
    room, author = site.rooms[1], site.people[0]
    last = asyncio.run(last_seq(site.url, room))
    program = str(ROOT / "bench" / "peers" / "bare_driver.py")
    done = subprocess.run(
        [sys.executable, program, site.url, room, author, str(last), str(seconds), str(writers)],
        check=True,
        stdout=subprocess.PIPE,
        preexec_fn=pinned(SERVER_CORE),
        timeout=seconds + 60,
    )
    return float(done.stdout)
