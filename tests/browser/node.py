"""The real program as a child process that tests can stop, kill, freeze and start again."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.browser.server import Server
from tests.servers.child import Child

SOURCE = Path(__file__).parents[2] / "src"
PATIENCE = 30.0  # Seconds, for a machine that is busy with other tests.

# Whole test runs come from one address and from few accounts.
NO_LIMITS = {
    "BESEDKA_LIMITS__POSTS_PER_SECOND": "0",
    "BESEDKA_LIMITS__SIGN_INS_PER_MINUTE": "0",
    "BESEDKA_LIMITS__SIGN_INS_PER_MINUTE_AND_ADDRESS": "0",
    "BESEDKA_LIMITS__REGISTRATIONS_PER_HOUR": "0",
    "BESEDKA_LIMITS__ROOM_CHANGES_PER_MINUTE": "0",
}


class Node(Child, Server):
    """`besedka serve` on a free port that it keeps, with a database that it keeps; SQLite's unless
    DATABASE_URL is among the settings. `arguments` are those of the command."""

    def __init__(self, directory: Path, *arguments: str, **settings: str) -> None:
        self.url = ""
        self.port = 0
        self._arguments = arguments
        self._directory = directory
        self._environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(SOURCE),
            "PORT": "0",
            "DATABASE_URL": f"sqlite:///{directory / 'besedka.db'}",
            "BESEDKA_LOG_LEVEL": "error",
            **NO_LIMITS,
            **settings,
        }

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bootstrap", "serve", *self._arguments],
            cwd=self._directory,
            env=self._environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        said = []
        for line in self._process.stdout:
            said.append(line)
            if found := re.search(r"Besedka is ready at (http://\S+:(\d+))", line):
                self.url, self._environ["PORT"] = found[1], found[2]
                self.port = int(found[2])
                return
        raise AssertionError(f"It ended before it was ready: {''.join(said)}")

    def setup_link(self) -> str:
        """Told once, after the start of a server that nobody owns."""
        output = self._running().stdout
        assert output is not None
        for line in output:
            if found := re.search(r"make it here: (\S+?)[\s\"]", line):
                return found[1]
        raise AssertionError("It ended without telling a setup link.")

    def stop(self) -> None:
        process = self._running()
        process.terminate()
        output, _ = process.communicate(timeout=PATIENCE)
        self._process = None
        assert process.returncode == 0, output
        assert '"level": "error"' not in output, output

    def close(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self.stop()
