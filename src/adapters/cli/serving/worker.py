"""The server in a process that shares the port with others, and obeys their parent."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable

from adapters.cli.program import Operator, Program
from adapters.cli.serving.line import BEAT, Alive, Ready, encode
from adapters.cli.serving.stopping import Stopping, end_within
from adapters.configuration.settings import Settings


async def serve_as_worker(program: Program, settings: Settings, descriptor: int) -> None:
    """Until the line that is open as this descriptor ends. Raises what the program does."""
    reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=descriptor))
    # A signal that all processes get is as good as the parent's word, but no second one.
    seconds = settings.drain_seconds + settings.shutdown_seconds
    stopping = Stopping(begin=lambda: end_within(seconds), insist=lambda: None)
    stopping.listen()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # A terminal tells everybody; the parent judges.
    obeying = asyncio.create_task(_obey(reader, stopping), name="line")
    try:
        await program.serve(settings, _Worker(writer, stopping))
    finally:
        obeying.cancel()
        writer.close()


async def _obey(reader: asyncio.StreamReader, stopping: Stopping) -> None:
    with contextlib.suppress(ConnectionError):
        await reader.read()
    stopping.ask()


class _Worker(Operator):
    def __init__(self, line: asyncio.StreamWriter, stopping: Stopping) -> None:
        self._line = line
        self._stopping = stopping

    def ready(self, address: str, *, setup_path: str | None = None) -> None:
        self._line.write(encode(Ready(address, setup_path)))

    async def until_stopped(self, connections: Callable[[], int]) -> None:
        while not await self._stopping.asked_within(BEAT):
            self._line.write(encode(Alive(connections())))
