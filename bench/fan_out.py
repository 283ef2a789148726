"""Deliveries per second in one full room: Besedka and the plain loop in turn, in one run."""

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench.crowd import Counted, Crowd
from bench.process import ROOT, besedka, running
from bench.site import Site, make_site, stored_texts

READERS, SENDERS, IN_FLIGHT = 500, 20, 2
WARM_UP, SECONDS = 1.0, 4.0
PORT, PEER_PORT = 18431, 18432
SERVER_CORE = 0


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
        site = asyncio.run(make_site(Path(folder), READERS))
        return [_turn(site, Path(folder), number) for number in range(turns)]


def _turn(site: Site, folder: Path, number: int) -> Turn:
    prefix = f"turn{number}p"
    command, environ = besedka(PORT, site.url)
    with running(command, port=PORT, core=SERVER_CORE, environ=environ):
        ours, acknowledged = _talk(PORT, site, prefix)
    _check_stored(site, prefix, acknowledged)
    peer = [str(ROOT / "bench" / "peers" / "plain_loop.py"), str(PEER_PORT)]
    peer.append(str(folder / f"peer{number}.db"))
    with running(peer, port=PEER_PORT, core=SERVER_CORE):
        theirs, _ = _talk(PEER_PORT, site, prefix)
    return Turn(ours, theirs)


def _talk(port: int, site: Site, prefix: str) -> tuple[Counted, int]:
    """What was counted, and how many posts were acknowledged in all."""
    crowd = Crowd(port, site.secrets, site.room, prefix)
    counted = crowd.talk(SENDERS, IN_FLIGHT, warm_up=WARM_UP, seconds=SECONDS)
    crowd.close()
    return counted, sum(member.acked for member in crowd.members)


def _check_stored(site: Site, prefix: str, acknowledged: int) -> None:
    keys = Counter(text.split()[0] for text in asyncio.run(stored_texts(site, prefix)))
    assert len(keys) == acknowledged, f"{acknowledged} acknowledged, {len(keys)} stored"
    assert max(keys.values()) == 1, "a message is stored twice"
