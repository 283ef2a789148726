"""Deliveries per second in one full room: Besedka and the plain loop in turn, in one run."""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.crowd import Counted, Crowd
from bench.process import ROOT, SERVER_CORE, Process, besedka, running
from bench.site import Site, check_stored, make_site

READERS, SENDERS, IN_FLIGHT = 500, 20, 2
WARM_UP, SECONDS = 1.0, 4.0
PORT, PEER_PORT = 18431, 18432


@dataclass(frozen=True)
class Turn:
    """One measurement of each, one right after the other: the machine's mood is the same."""

    besedka: Counted
    plain_loop: Counted

    @property
    def ratio(self) -> float:
        return self.besedka.deliveries_per_second / self.plain_loop.deliveries_per_second


def measure(turns: int) -> list[Turn]:
    """Raises `AssertionError` if a message that was acknowledged is not stored exactly once."""
    with tempfile.TemporaryDirectory(prefix="besedka-bench-") as folder:
        site = asyncio.run(make_site(f"sqlite:///{folder}/bench.db", READERS))
        return [_turn(site, Path(folder), number) for number in range(turns)]


def _turn(site: Site, folder: Path, number: int) -> Turn:
    prefix = f"turn{number}p"
    command, environ = besedka(PORT, site.url)
    with running(command, port=PORT, core=SERVER_CORE, environ=environ) as server:
        ours, acknowledged = _talk(PORT, server, site, prefix)
    asyncio.run(check_stored(site, prefix, acknowledged))
    peer = [str(ROOT / "bench" / "peers" / "plain_loop.py"), str(PEER_PORT)]
    peer.append(str(folder / f"peer{number}.db"))
    with running(peer, port=PEER_PORT, core=SERVER_CORE) as server:
        theirs, _ = _talk(PEER_PORT, server, site, prefix)
    return Turn(ours, theirs)


def _talk(port: int, server: Process, site: Site, prefix: str) -> tuple[Counted, list[str]]:
    """What was counted, and the keys of all posts that were acknowledged."""
    crowd = Crowd(port, site.secrets, site.room, prefix)
    counted = crowd.talk(SENDERS, IN_FLIGHT, server, warm_up=WARM_UP, seconds=SECONDS)
    crowd.close()
    return counted, crowd.acknowledged()
