"""Processes under measurement: pinned to a core, watched by what the kernel says of them."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
SERVER_CORE, CLIENT_CORE = 0, 1
PORT = 18431
SERVE = ("-m", "bootstrap", "serve")
TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """One program with those that it started."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        return sum(map(_cpu_seconds, _family(self.pid)))

    def resident_kib(self) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise ProcessLookupError(self.pid)


def _cpu_seconds(pid: int) -> float:
    values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / TICKS


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from _family(int(child))


def pinned(*cores: int) -> Callable[[], None]:
    """What a child does before it becomes its program."""
    return lambda: os.sched_setaffinity(0, cores)


@contextmanager
def running(
    command: Sequence[str], *, port: int, cores: Sequence[int], environ: Mapping[str, str] = {}
) -> Iterator[Process]:
    """The command, answering `/readyz` on its port, until the block ends."""
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=pinned(*cores),
    )
    try:
        wait_until_ready(port, child)
        yield Process(child.pid)
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait_until_ready(port: int, child: "subprocess.Popen[bytes]", *, seconds: float = 20) -> None:
    """Raises `RuntimeError` with what the process said if it ends, or is not ready in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if child.poll() is not None:
            raise RuntimeError(child.stderr.read().decode() if child.stderr else "ended")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                return
        except OSError:
            time.sleep(0.005)
    raise RuntimeError("not ready in time")


@contextmanager
def serving(
    url: str,
    *,
    command: Sequence[str] = SERVE,
    cores: Sequence[int] = (SERVER_CORE,),
    environ: Mapping[str, str] = {},
) -> Iterator[Process]:
    """Besedka on that store as an operator would run it, but one may say as much as one likes."""
    limits = ("POSTS_PER_SECOND", "CONNECTIONS_PER_USER", "REQUESTS_PER_SECOND")
    settings = {f"BESEDKA_LIMITS__{name}": "0" for name in limits}
    settings |= {"BESEDKA_PORT": str(PORT), "BESEDKA_DATABASE_URL": url}
    # The crowd answers no pings.
    settings |= {"BESEDKA_LOG_LEVEL": "warning", "BESEDKA_HEARTBEAT_SECONDS": "300", **environ}
    whole = [sys.executable, *command]
    with running(whole, port=PORT, cores=cores, environ=settings) as process:
        yield process
