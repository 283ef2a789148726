"""Several workers on one port, and this process, which serves nobody, above them."""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from adapters.cli.serving.announcement import announce
from adapters.cli.serving.service_manager import ServiceManager
from adapters.cli.serving.shared_numbers import shared_numbers
from adapters.cli.serving.stopping import Stopping
from adapters.cli.serving.supervisor import Supervisor
from adapters.cli.serving.worker_process import WorkerFailed, WorkerProcess
from adapters.configuration.settings import Settings
from application.tasks import Tasks

# Seconds beyond their own deadline that workers get.
REMAINDER = 1.0

_log = logging.getLogger(__name__)


def this_command() -> list[str]:
    """The command that runs now, to be run again. It reads the configuration anew."""
    return [sys.executable, *sys.orig_argv[1:]]


async def serve_with_workers(settings: Settings, command: Sequence[str]) -> int:
    """Until SIGTERM or SIGINT; the exit code. SIGHUP replaces all workers. Raises `OSError` for
    a port that cannot be had."""
    async with _reserved(settings.host, settings.port) as port:
        parent = _Parent(settings, [*command, *_options(settings, port)])
        with shared_numbers():
            return await parent.run()


def _options(settings: Settings, port: int) -> list[str]:
    """What holds for all workers as long as the parent lives, whatever the files say later."""
    pinned = {"--workers": settings.workers, "--host": settings.host, "--port": port}
    return [part for name, value in pinned.items() for part in (name, str(value))] + ["--worker"]


@asynccontextmanager
async def _reserved(host: str, port: int) -> AsyncIterator[int]:
    """The port, which nobody else has and only those may share that are ours. It is not listened
    at: connections go to the workers."""
    loop = asyncio.get_running_loop()
    # Those who share a port ask not whether others do; so it is asked once without sharing.
    alone = await loop.create_server(asyncio.Protocol, host, port, start_serving=False)
    alone.close()
    shared = await loop.create_server(
        asyncio.Protocol, host, port, reuse_port=True, start_serving=False
    )
    try:
        yield shared.sockets[0].getsockname()[1]
    finally:
        shared.close()


class _Parent:
    def __init__(self, settings: Settings, command: Sequence[str]) -> None:
        self._settings = settings
        self._manager = ServiceManager.of(os.environ)
        self._supervisor = Supervisor(
            settings.workers,
            lambda: WorkerProcess.start(command),
            patience=settings.drain_seconds + settings.shutdown_seconds + REMAINDER,
        )
        self._stopping = Stopping(begin=lambda: None, insist=self._supervisor.kill)
        self._tasks = Tasks()
        self._renewing: asyncio.Task[None] | None = None

    async def run(self) -> int:
        self._stopping.listen()
        self._stopping.listen_for_reload(self._renew)
        serving = asyncio.create_task(self._serve(), name="workers")
        stopped = asyncio.create_task(self._stopping.asked(), name="stop")
        await asyncio.wait([serving, stopped], return_when=asyncio.FIRST_COMPLETED)
        for task in (serving, stopped):
            task.cancel()
        await self._tasks.cancel()
        await asyncio.wait([serving, stopped])
        await self._supervisor.close()
        return 0 if serving.cancelled() else _exit_code(serving.exception())

    async def _serve(self) -> None:
        ready = await self._supervisor.open()
        announce(self._settings, ready.address, setup_path=ready.setup_path)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._supervisor.run())
            tasks.create_task(self._manager.attend(self._stopping, lambda: self._supervisor.status))

    def _renew(self) -> None:
        if self._renewing is None or self._renewing.done():
            self._renewing = self._tasks.start(self._replace_all(), name="replace workers")

    async def _replace_all(self) -> None:
        _log.info("SIGHUP: the workers are replaced, one after the other.")
        self._manager.reloading()
        await self._supervisor.renew()
        self._manager.reloaded()


def _exit_code(error: BaseException | None) -> int:
    """Why no worker serves was told by themselves. Raises what is no worker's failure."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, WorkerFailed):
        return error.exit_code
    if error is not None:
        raise error
    return 0
