"""Unit tests touch neither the network nor the disk; whoever tries is told so at once."""

import gc
import os
import re
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# The same examples in every run: a suite that fails now and then teaches nobody anything.
settings.register_profile(
    "unit",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("unit")

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC

# Python compiles what it imports, and hypothesis keeps what it knows of Unicode.
_ALLOWED = re.compile(r"\.pyc|/dev/null|/\.hypothesis/")


class _Guard:
    active = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:  # Any: as it is audited.
        if not self.active:
            return
        if event in {"socket.connect", "socket.bind", "socket.sendto"}:
            raise AssertionError(f"a unit test wants the network: {event} {arguments[1]}")
        if event == "open":
            path, _, flags = arguments
            if (flags or 0) & _WRITING and not _ALLOWED.search(str(path)):
                raise AssertionError(f"a unit test wants to write to {path}")


_guard = _Guard()
sys.addaudithook(_guard)  # Sees pathlib, os and libraries too; there is no way to take it off.


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Off for tests that ask for `tmp_path`, which say by this that files are their subject."""
    _guard.active = "tmp_path" not in getattr(item, "fixturenames", ())


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    _guard.active = False


@pytest.fixture(scope="session", autouse=True)
def _interrupts() -> Iterator[None]:
    """Ctrl-C ends the tests as ever. But where nobody else handles it, each `asyncio.run` does,
    and to install its handler costs as much as the loop."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    former = signal.signal(signal.SIGINT, interrupt)
    yield
    signal.signal(signal.SIGINT, former)
