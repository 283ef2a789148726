"""A program that runs as our child, and that tests may kill, freeze and start again."""

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PATIENCE = 30.0  # Seconds, for a machine that is busy with other tests.

# Becomes a program that ends with us (PR_SET_PDEATHSIG is 1), however we end. Python's own
# `preexec_fn=` may deadlock where there are threads, and Motor makes some.
_BECOME = """
import ctypes, os, signal, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
os.execv(sys.argv[1], sys.argv[1:])
"""


class Child:
    """One program at a time. Whoever starts it says how it is stopped in peace."""

    _process: "subprocess.Popen[Any] | None" = None  # Its output is text or bytes.

    def kill(self) -> None:
        """As a power cut does."""
        process = self._running()
        process.kill()
        process.communicate(timeout=PATIENCE)
        self._process = None

    def freeze(self) -> None:
        """What is sent now waits until it thaws; nothing is answered and nothing is closed."""
        self._running().send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._running().send_signal(signal.SIGCONT)

    def _running(self) -> "subprocess.Popen[Any]":
        assert self._process is not None, "the server is not running"
        return self._process


def silent_child(program: Path | str, arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
    """What it has to say is in a log of its own."""
    return subprocess.Popen(
        [sys.executable, "-IS", "-c", _BECOME, str(program), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the tests; they tell it themselves.
    )
