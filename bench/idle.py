"""What a server costs that has nothing to do: time to start, memory for each connection."""

import asyncio
import tempfile
import time
from dataclasses import dataclass

from bench.crowd import Crowd
from bench.process import SERVER_CORE, besedka, running
from bench.site import make_site

PEOPLE, CONNECTIONS_EACH = 500, 4
ROOMS = 5
PORT = 18433
STARTS = 5
WATCHED_SECONDS = 5.0


@dataclass(frozen=True)
class Idle:
    """`cold_starts` in seconds to the first answer of `/readyz`; `kib_per_connection` above the
    idle server; `cpu` as a part of one core, with all `connections` open."""

    cold_starts: list[float]
    connections: int
    kib_per_connection: float
    cpu: float


def measure() -> Idle:
    with tempfile.TemporaryDirectory(prefix="besedka-bench-") as folder:
        site = asyncio.run(make_site(f"sqlite:///{folder}/bench.db", PEOPLE, rooms=ROOMS))
        command, environ = besedka(PORT, site.url)
        starts = []
        for _ in range(STARTS):
            started = time.perf_counter()
            with running(command, port=PORT, core=None, environ=environ):
                starts.append(time.perf_counter() - started)
        with running(command, port=PORT, core=SERVER_CORE, environ=environ) as server:
            before = server.resident_kib()
            crowd = Crowd(PORT, site.secrets * CONNECTIONS_EACH, site.room)
            connections = len(crowd.members)
            time.sleep(1)
            memory = (server.resident_kib() - before) / connections
            used = server.cpu_seconds()
            time.sleep(WATCHED_SECONDS)
            cpu = (server.cpu_seconds() - used) / WATCHED_SECONDS
            crowd.close()
    return Idle(starts, connections, memory, cpu)
