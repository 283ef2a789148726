"""Besedka as processes of its own: started, killed, told to stop, frozen, and started again."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from tests.faults.clients import Door
from tests.servers.setting import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0  # Seconds, for a machine that is busy with other tests.
AS_IT_IS = "bootstrap"

LIMITS = (
    "POSTS_PER_SECOND",
    "REQUESTS_PER_SECOND",
    "CONNECTIONS_PER_USER",
    "ROOM_CHANGES_PER_MINUTE",
)
UNLIMITED = {f"BESEDKA_LIMITS__{name}": "0" for name in LIMITS}


class Node:
    """One node on a port that it keeps. `program` is the module that is run."""

    def __init__(
        self, name: str, directory: Path, environ: Mapping[str, str], *, program: str = AS_IT_IS
    ) -> None:
        self.name = name
        self.port = free_port()
        self.door = Door(name, f"http://127.0.0.1:{self.port}")
        self._program = program
        self._log = directory / f"{name}.log"
        self._environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "BESEDKA_PORT": str(self.port),
            "BESEDKA_LOG_FORMAT": "text",
            **UNLIMITED,
            **environ,
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, **environ: str) -> None:
        """Returns when it is ready. `environ` holds this once."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", self._program, "serve"),
                cwd=self._log.parent,
                env={**self._environ, **environ},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
            while await self.readiness(session) != 200:
                assert self._process.returncode is None, self.log()
                await asyncio.sleep(0.02)

    async def readiness(self, session: aiohttp.ClientSession) -> int:
        """What a load balancer is told; 0 if nothing."""
        try:
            async with session.get(
                f"{self.door.address}/readyz", timeout=aiohttp.ClientTimeout(total=10)
            ) as response:
                return response.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 0

    async def metric(self, line: str) -> float:
        """What `/metrics` says after that; 0 if nothing."""
        url = f"{self.door.address}/metrics"
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            text = await response.text()
        found = [each for each in text.splitlines() if each.startswith(f"{line} ")]
        return float(found[0].rpartition(" ")[2]) if found else 0.0

    async def kill(self) -> None:
        """As a power cut does."""
        self.signal(signal.SIGKILL)
        await self.ended()

    async def stop(self) -> int:
        """In good order; the exit code."""
        self.signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        """Once it is gone, by whatever: its exit code."""
        assert self._process is not None
        async with asyncio.timeout(PATIENCE):
            return await self._process.wait()

    def freeze(self) -> None:
        """Nothing is answered and nothing is closed."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    async def close(self) -> None:
        """Whatever state it is in."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def log(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def descriptors(self) -> int:
        """How many files and sockets it has open."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def resident_mib(self) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) // 1024
        raise ProcessLookupError
