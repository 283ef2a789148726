"""What becomes of workers that die, hang or will not stop: tiny programs in their place."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress

import pytest

from adapters.cli.serving import supervisor as supervisor_module
from adapters.cli.serving.supervisor import Supervisor, pause_after
from adapters.cli.serving.worker_process import WorkerFailed, WorkerProcess

PREAMBLE = """
import os, signal, sys, time
line = int(sys.argv[-1])
def ready(): os.write(line, b'{"type":"ready","address":"http://x","setup_path":null}\\n')
def alive(count): os.write(line, b'{"type":"alive","connections":%d}\\n' % count)
def until_told():
    while os.read(line, 1): pass
"""
SERVES = "ready(); alive(3); until_told()"
DIES = "ready(); sys.exit(3)"
FAILS = "sys.exit(2)"
IS_KILLED = "os.kill(os.getpid(), 9)"
STAYS = "ready(); time.sleep(60)"
TALKS_NONSENSE = "os.write(line, b'what?\\n'); ready(); os.write(line, b'{'); until_told()"


def workers(programs: Iterable[str], then: str) -> Callable[[], Awaitable[WorkerProcess]]:
    """Starts these one after the other, and from then on always the last."""
    waiting = list(programs)

    async def start() -> WorkerProcess:
        program = waiting.pop(0) if waiting else then
        return await WorkerProcess.start([sys.executable, "-IS", "-c", PREAMBLE + program])

    return start


@asynccontextmanager
async def supervised(
    size: int, *programs: str, then: str = SERVES, patience: float = 5
) -> AsyncIterator[tuple[Supervisor, "asyncio.Task[None]"]]:
    supervisor = Supervisor(size, workers(programs, then), patience=patience)
    await supervisor.open()
    running = asyncio.create_task(supervisor.run())
    try:
        yield supervisor, running
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError, ExceptionGroup):
            await running
        await supervisor.close()
        assert not any(worker.is_serving for worker in supervisor._processes)


async def shows(supervisor: Supervisor, status: str) -> None:
    async with asyncio.timeout(20):
        while supervisor.status != status:  # noqa: ASYNC110  # Of other processes.
            await asyncio.sleep(0.01)


async def test_connections_of_all_workers_count_together() -> None:
    async with supervised(2) as (supervisor, _):
        await shows(supervisor, "2 workers, 6 connections")


async def test_the_first_worker_that_cannot_start_is_the_only_one() -> None:
    supervisor = Supervisor(3, workers([FAILS], then=SERVES), patience=1)

    with pytest.raises(WorkerFailed) as failed:
        await supervisor.open()

    assert failed.value.exit_code == 2
    assert supervisor.status == "0 workers, 0 connections"


async def test_a_worker_that_a_signal_ended_has_an_exit_code_of_ours() -> None:
    with pytest.raises(WorkerFailed) as failed:
        await Supervisor(1, workers([], then=IS_KILLED), patience=1).open()

    assert failed.value.exit_code == 1


def test_the_pause_before_the_next_start_grows() -> None:
    assert [pause_after(failures) for failures in (0, 1, 2, 3, 6, 7, 50)] == [
        *(0, 0.5, 1, 2, 16, 30, 30)
    ]


async def test_who_cannot_start_is_tried_on_while_another_serves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervisor_module, "FIRST_PAUSE", 0.001)
    programs = [SERVES, DIES, *[FAILS] * (supervisor_module.ATTEMPTS + 2)]
    async with supervised(2, *programs) as (supervisor, running):
        await shows(supervisor, "2 workers, 6 connections")

        assert not running.done()


async def test_it_gives_up_when_none_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor_module, "FIRST_PAUSE", 0.001)
    async with supervised(1, DIES, then=FAILS) as (_, running):
        with pytest.raises(ExceptionGroup) as failed:
            await asyncio.wait_for(running, 20)

    (error,) = failed.value.exceptions
    assert isinstance(error, WorkerFailed)
    assert error.exit_code == 2


async def test_one_that_hangs_is_killed_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor_module, "LONGEST_SILENCE", 0.5)
    monkeypatch.setattr(supervisor_module, "FIRST_PAUSE", 0.001)
    beating = "ready()\nwhile True: alive(1); time.sleep(0.1)"
    async with supervised(1, STAYS, then=beating, patience=0.2) as (supervisor, _):
        await shows(supervisor, "1 workers, 1 connections")


async def test_one_that_will_not_stop_is_killed() -> None:
    async with supervised(2, SERVES, STAYS, patience=0.3) as (supervisor, running):
        running.cancel()
        async with asyncio.timeout(5):
            await supervisor.close()


async def test_renewing_starts_the_new_before_it_stops_the_old() -> None:
    async with supervised(2) as (supervisor, _):
        await shows(supervisor, "2 workers, 6 connections")
        old = {worker.pid for worker in supervisor._processes}

        renewing = asyncio.create_task(supervisor.renew())
        fewest = 2
        while not renewing.done():
            fewest = min(fewest, sum(each.is_serving for each in supervisor._processes))
            await asyncio.sleep(0)

        assert fewest == 2
        assert not old & {worker.pid for worker in supervisor._processes}
        await shows(supervisor, "2 workers, 6 connections")


async def test_renewing_leaves_what_cannot_be_renewed() -> None:
    async with supervised(2, SERVES, SERVES, FAILS) as (supervisor, running):
        old = set(supervisor._processes)

        await supervisor.renew()

        assert set(supervisor._processes) == old
        assert not running.done()


async def test_what_a_worker_says_cannot_harm() -> None:
    async with supervised(1, TALKS_NONSENSE) as (supervisor, running):
        assert supervisor.is_serving
        assert not running.done()
