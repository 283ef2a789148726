"""Keeps several workers serving: replaces those that die, and on request all of them in turn."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from adapters.cli.serving.line import Ready
from adapters.cli.serving.worker_process import WorkerFailed, WorkerProcess

# A worker that is silent for so long hangs, and one that lived for so long did not die of its
# start. Seconds.
LONGEST_SILENCE = 30.0
STEADY = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# How many starts may fail in a row when no worker is left that serves.
ATTEMPTS = 5

Start = Callable[[], Awaitable[WorkerProcess]]

_log = logging.getLogger(__name__)


class Supervisor:
    """`size` workers, which `start` starts. They get `patience` seconds to stop."""

    def __init__(self, size: int, start: Start, *, patience: float) -> None:
        self._start = start
        self._patience = patience
        self._processes: set[WorkerProcess] = set()
        self._places = [_Place(self) for _ in range(size)]

    async def open(self) -> Ready:
        """The first worker comes alone: it may have tables to make, and if it cannot start, its
        reason is told once. Then all the others. Raises `WorkerFailed`."""
        first, *others = self._places
        ready = await first.fill()
        async with asyncio.TaskGroup() as filling:
            for place in others:
                filling.create_task(place.fill())
        return ready

    async def run(self) -> None:
        """Keep them serving until cancelled. Raises `WorkerFailed` when none can be started."""
        async with asyncio.TaskGroup() as keeping:
            for place in self._places:
                keeping.create_task(place.keep())
            keeping.create_task(self._watch())

    async def renew(self) -> None:
        """Replace one after the other, each by one that serves already. If one cannot start, the
        others stay as they are."""
        for place in self._places:
            try:
                await place.renew()
            except WorkerFailed:
                _log.error("The new worker cannot start; the old ones go on.")
                return
        _log.info("All workers are new.")

    async def close(self) -> None:
        """Stop all. Those that do not in time are killed."""
        for worker in self._processes:
            worker.stop()
        try:
            async with asyncio.timeout(self._patience):
                await self._all_ended()
        except TimeoutError:
            _log.warning("Workers were killed, as they did not stop in time.")
            self.kill()
            await self._all_ended()

    def kill(self) -> None:
        for worker in self._processes:
            worker.kill()

    @property
    def status(self) -> str:
        serving = [worker for worker in self._processes if worker.is_serving]
        connections = sum(worker.connections for worker in serving)
        return f"{len(serving)} workers, {connections} connections"

    @property
    def is_serving(self) -> bool:
        return any(worker.is_serving for worker in self._processes)

    async def hire(self) -> WorkerProcess:
        """A new worker that serves. Raises `WorkerFailed`."""
        worker = await self._start()
        self._processes.add(worker)
        try:
            await worker.ready()
        except WorkerFailed:
            self._processes.discard(worker)
            raise
        return worker

    async def dismiss(self, worker: WorkerProcess) -> None:
        """Ask it to stop, and return when it has."""
        worker.stop()
        try:
            async with asyncio.timeout(self._patience):
                await worker.ended()
        except TimeoutError:
            worker.kill()
        self.forget(worker)

    def forget(self, worker: WorkerProcess) -> None:
        """It has ended."""
        self._processes.discard(worker)

    async def _all_ended(self) -> None:
        await asyncio.gather(*(worker.ended() for worker in self._processes))

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(1)
            for worker in self._processes:
                if worker.is_serving and loop.time() - worker.heard_at > LONGEST_SILENCE:
                    _log.error("Worker %d hangs and is killed.", worker.pid)
                    worker.kill()


class _Place:
    """Where one worker serves; when it dies, another takes its place."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._worker: WorkerProcess
        self._turn = asyncio.Lock()  # Dying and being renewed are not one person's business.
        self._failures = 0

    async def fill(self) -> Ready:
        self._worker = await self._supervisor.hire()
        return await self._worker.ready()

    async def keep(self) -> None:
        while True:
            worker = self._worker
            exit_code = await worker.ended()
            async with self._turn:
                if self._worker is not worker:
                    continue  # It was renewed: its end was wanted.
                _log.error("Worker %d died (%d) and is replaced.", worker.pid, exit_code)
                self._supervisor.forget(worker)
                self._judge(worker)
                self._worker = await self._replacement()

    async def renew(self) -> None:
        """Raises `WorkerFailed`, and leaves the old one where it is."""
        async with self._turn:
            old = self._worker
            self._worker = await self._supervisor.hire()
        await self._supervisor.dismiss(old)

    def _judge(self, worker: WorkerProcess) -> None:
        lived = asyncio.get_running_loop().time() - worker.started_at
        self._failures = 0 if lived > STEADY else self._failures + 1

    async def _replacement(self) -> WorkerProcess:
        while True:
            await asyncio.sleep(pause_after(self._failures))
            try:
                return await self._supervisor.hire()
            except WorkerFailed:
                self._failures += 1
                if self._failures >= ATTEMPTS and not self._supervisor.is_serving:
                    raise


def pause_after(failures: int) -> float:
    """The seconds to wait before the next start, after so many that came to nothing in a row."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1)) if failures else 0.0
