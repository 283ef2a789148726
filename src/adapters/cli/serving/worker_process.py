"""A worker as its parent sees it."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Sequence

import msgspec

from adapters.cli.serving.line import Alive, Ready, decode
from adapters.cli.serving.service_manager import without_service_manager


class WorkerFailed(Exception):
    """It ended before it was ready, having told why."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(f"exit code {exit_code}")
        # A signal's number, below zero, is no exit code of ours.
        self.exit_code = exit_code if exit_code > 0 else 1


class WorkerProcess:
    """`connections` is how many sockets it has open, `heard_at` when it last told."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        loop = asyncio.get_running_loop()
        self._process = process
        self._writer = writer
        self._ready: asyncio.Future[Ready | None] = loop.create_future()
        self._listening = asyncio.create_task(self._listen(reader), name=f"worker {self.pid}")
        self._stopping = False
        self.connections = 0
        self.started_at = self.heard_at = loop.time()

    @classmethod
    async def start(cls, command: Sequence[str]) -> "WorkerProcess":
        """`command` lacks only the number of the line's descriptor at its end."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *command,
                str(theirs.fileno()),
                pass_fds=[theirs.fileno()],
                env=without_service_manager(os.environ),
            )
        return cls(process, *await asyncio.open_connection(sock=ours))

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_serving(self) -> bool:
        """It is ready, and neither ended nor asked to."""
        return self._ready.done() and not self._stopping and self._process.returncode is None

    async def ready(self) -> Ready:
        """What it says when it is. Raises `WorkerFailed`."""
        ready = await asyncio.shield(self._ready)
        if ready is None:
            raise WorkerFailed(await self.ended())
        return ready

    def stop(self) -> None:
        """Ask it to."""
        self._stopping = True
        if not self._writer.is_closing():
            self._writer.write_eof()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def ended(self) -> int:
        """Its exit code."""
        exit_code = await self._process.wait()
        await asyncio.wait([self._listening])
        return exit_code

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                self._hear(line)
        except ConnectionError:
            pass  # It ended, and how is its exit code's to tell.
        finally:
            self._writer.close()
            if not self._ready.done():
                self._ready.set_result(None)

    def _hear(self, line: bytes) -> None:
        self.heard_at = asyncio.get_running_loop().time()
        with contextlib.suppress(msgspec.DecodeError):  # Cut off by its end.
            match decode(line):
                case Ready() as ready:
                    self._ready.set_result(ready)
                case Alive(connections=connections):
                    self.connections = connections
