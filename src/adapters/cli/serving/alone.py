"""The server in this process."""

import logging
import os
from collections.abc import Callable

from adapters.cli.program import Operator, Program
from adapters.cli.serving.announcement import announce
from adapters.cli.serving.service_manager import ServiceManager
from adapters.cli.serving.stopping import Stopping, end_within, leave
from adapters.configuration.settings import Settings

_log = logging.getLogger(__name__)


async def serve_alone(program: Program, settings: Settings) -> None:
    """Until SIGTERM or SIGINT. Raises what the program does."""
    seconds = settings.drain_seconds + settings.shutdown_seconds
    stopping = Stopping(begin=lambda: end_within(seconds), insist=leave)
    stopping.listen()
    stopping.listen_for_reload(_nothing_to_reload)
    await program.serve(settings, _Alone(settings, stopping))


class _Alone(Operator):
    def __init__(self, settings: Settings, stopping: Stopping) -> None:
        self._settings = settings
        self._stopping = stopping
        self._manager = ServiceManager.of(os.environ)

    def ready(self, address: str, *, setup_path: str | None = None) -> None:
        announce(self._settings, address, setup_path=setup_path)

    async def until_stopped(self, connections: Callable[[], int]) -> None:
        await self._manager.attend(self._stopping, lambda: f"{connections()} connections")


def _nothing_to_reload() -> None:
    _log.warning("SIGHUP replaces workers one by one; there is only one here, which goes on.")
