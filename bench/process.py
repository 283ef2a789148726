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
TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    def __init__(self, pid: int) -> None:
        self.pid = pid

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        values = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(values[11]) + int(values[12])) / TICKS

    def resident_kib(self) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise ProcessLookupError(self.pid)


def pinned(core: int) -> Callable[[], None]:
    """What a child does before it becomes its program."""
    return lambda: os.sched_setaffinity(0, {core})


@contextmanager
def running(
    command: Sequence[str], *, port: int, core: int | None, environ: Mapping[str, str] = {}
) -> Iterator[Process]:
    """The command, answering `/readyz` on its port, until the block ends."""
    child = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=None if core is None else pinned(core),
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


def besedka(port: int, url: str) -> tuple[list[str], dict[str, str]]:
    """The server as an operator would run it, without limits on how much one may say."""
    limits = ("POSTS_PER_SECOND", "CONNECTIONS_PER_USER", "REQUESTS_PER_SECOND")
    environ = {f"BESEDKA_LIMITS__{name}": "0" for name in limits}
    environ |= {"BESEDKA_PORT": str(port), "BESEDKA_DATABASE_URL": url}
    # The crowd answers no pings.
    environ |= {"BESEDKA_LOG_LEVEL": "warning", "BESEDKA_HEARTBEAT_SECONDS": "300"}
    return ["-m", "bootstrap", "serve"], environ
