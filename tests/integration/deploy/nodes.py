"""Nodes as they stand behind a proxy: with the sample settings for that, on one database."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.integration.cli.processes import (
    ROOT,
    address_of,
    besedka,
    ended,
    setup_link_of,
    several,
)

SETTINGS = ROOT / "config" / "production.example.toml"


class Node:
    """`besedka serve` on a port that it keeps, when it is started again, too."""

    def __init__(self, directory: Path, port: int, environ: dict[str, str]) -> None:
        self.port = port
        self._directory = directory
        self._environ = {
            "DATABASE_URL": f"sqlite:///{directory}/besedka.db",
            **environ,
            "PORT": str(port),
        }
        self._running = contextlib.AsyncExitStack()
        self._process: asyncio.subprocess.Process

    async def start(self) -> None:
        """Returns when it answers."""
        command = ("serve", "--config", str(SETTINGS))
        self._process = await self._running.enter_async_context(
            besedka(self._directory, *command, **self._environ)
        )
        await address_of(self._process)

    async def setup_link(self) -> str:
        """Told once, after the start of a node that nobody owns."""
        return await setup_link_of(self._process)

    async def stop(self) -> None:
        """As an operator does. It had nothing to complain of."""
        self._process.terminate()
        exit_code, _, errors = await ended(self._process)
        assert (exit_code, errors) == (0, "")

    async def close(self) -> None:
        await self._running.aclose()


@asynccontextmanager
async def nodes(directory: Path, ports: list[int], **environ: str) -> AsyncIterator[list[Node]]:
    """One after the other, as the first makes the tables. `environ` are settings."""
    between = several() if len(ports) > 1 else {}
    started = [Node(directory, port, {**between, **environ}) for port in ports]
    async with contextlib.AsyncExitStack() as stack:
        for node in started:
            stack.push_async_callback(node.close)
            await node.start()
        yield started
