"""`besedka serve --workers 2`: real processes, killed and replaced."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from tests.integration.cli.processes import PATIENCE, address_of, besedka, ended, several
from tests.integration.cli.test_stopping import register
from tests.wire_client import WireClient


@dataclass
class Team:
    """A parent with its workers, at an address."""

    process: asyncio.subprocess.Process
    address: str
    output: list[str] = field(default_factory=list)

    def pids(self) -> set[int]:
        """Of the workers, which may just be starting."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in path.read_text().split()}

    async def says(self, pattern: str) -> str:
        """The first line from now on in which it is found."""
        assert self.process.stdout is not None
        while line := (await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)).decode():
            self.output.append(line)
            if re.search(pattern, line):
                return line
        pytest.fail(f"It ended without saying {pattern}: {self.output}")


@asynccontextmanager
async def team(directory: Path, **environ: str) -> AsyncIterator[Team]:
    environ = {**several(), "PORT": "0", "BESEDKA_WORKERS": "2", **environ}
    async with besedka(directory, "serve", **environ) as process:
        yield Team(process, await address_of(process))


async def is_up(address: str) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{address}/readyz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def sockets_of(pid: int) -> int:
    count = 0
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            count += os.readlink(descriptor).startswith("socket:")
    return count


async def until(condition: Callable[[], bool], *, within: float = PATIENCE) -> None:
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110  # Of other processes; no event tells it.
            await asyncio.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


async def test_the_port_is_shared_by_all_workers(tmp_path: Path) -> None:
    async with team(tmp_path) as serving:
        pids = serving.pids()
        before = {pid: sockets_of(pid) for pid in pids}
        port = int(serving.address.rpartition(":")[2])
        connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(40)]

        await until(lambda: all(sockets_of(pid) > before[pid] + 3 for pid in pids))
        for _, writer in connections:
            writer.close()
        serving.process.send_signal(signal.SIGTERM)
        exit_code, _, errors = await asyncio.wait_for(ended(serving.process), 20)

    assert len(pids) == 2
    assert (exit_code, errors) == (0, "")


async def test_what_is_said_on_one_worker_is_heard_on_all(tmp_path: Path) -> None:
    async with team(tmp_path) as serving:
        secret = await register(serving.address)
        clients = [await WireClient.connect(serving.address, secret) for _ in range(12)]
        for client in clients:
            await client.hello()
        room = (await clients[0].ask("create_room", name="garden"))["room"]["id"]
        for client in clients:
            await client.until(lambda held=client.reader.last: room in held)

        for number, client in enumerate(clients):
            await client.ask("post", room=room, key=str(number), text=str(number))

        for client in clients:
            await client.await_message("11", room=room)
            assert client.reader.texts(room) == [str(number) for number in range(12)]
            assert client.reader.jumps == []
            await client.close()


async def test_a_port_that_other_workers_have_is_one_line(tmp_path: Path) -> None:
    async with team(tmp_path) as serving:
        port = serving.address.rpartition(":")[2]
        environ = {**several(), "PORT": port, "BESEDKA_WORKERS": "2"}
        async with besedka(tmp_path, "serve", **environ) as second:
            exit_code, _, errors = await ended(second)

    assert exit_code == 1
    assert "something else does already" in errors
    assert errors.count("\n") == 1


async def test_why_no_worker_can_start_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environ = {"DATABASE_URL": "sqlite:///file/chat.db", "BESEDKA_WORKERS": "3", "PORT": "0"}

    async with besedka(tmp_path, "serve", **several(), **environ) as process:
        exit_code, output, errors = await ended(process)

    assert (exit_code, output) == (1, "")
    assert "file/chat.db" in errors
    assert errors.count("\n") == 1


async def test_a_worker_that_is_killed_is_replaced_and_the_other_serves_on(tmp_path: Path) -> None:
    async with team(tmp_path) as serving:
        victim, survivor = sorted(serving.pids())

        os.kill(victim, signal.SIGKILL)
        await serving.says(f"Worker {victim} died")
        assert await is_up(serving.address)
        await until(lambda: len(serving.pids()) == 2)

        assert survivor in serving.pids()
        assert victim not in serving.pids()
        assert await is_up(serving.address)


async def test_it_ends_with_the_reason_when_no_worker_can_be_started_again(
    tmp_path: Path,
) -> None:
    async with team(tmp_path) as serving:
        (tmp_path / "var").rename(tmp_path / "gone")
        (tmp_path / "var").touch()
        for pid in serving.pids():
            os.kill(pid, signal.SIGKILL)

        exit_code, _, errors = await ended(serving.process, within=180)

    assert exit_code == 1
    assert "var/besedka.db" in errors.splitlines()[-1]


async def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    async with team(tmp_path) as serving:
        pids = serving.pids()

        serving.process.kill()
        await serving.process.wait()

        await until(lambda: all(is_gone(pid) for pid in pids), within=10)


async def test_all_workers_are_replaced_at_sighup_while_the_port_answers(tmp_path: Path) -> None:
    async with team(tmp_path) as serving:
        old = serving.pids()
        answers: list[bool] = []

        async def ask() -> None:
            while True:
                answers.append(await is_up(serving.address))
                await asyncio.sleep(0.01)  # Else the new workers have to wait for us.

        asking = asyncio.create_task(ask())
        serving.process.send_signal(signal.SIGHUP)
        await serving.says("All workers are new")
        asking.cancel()

        assert not old & serving.pids()
        assert len(serving.pids()) == 2
        # A connection that a worker has not taken from the kernel when it closes is lost, and
        # made again: hardly any.
        assert answers.count(False) <= 1 + len(answers) // 50


async def test_workers_that_cannot_be_renewed_stay(tmp_path: Path) -> None:
    file = tmp_path / "besedka.toml"
    file.write_text("")
    async with besedka(
        *(tmp_path, "serve", "--config", str(file)),
        **several(),
        PORT="0",
        BESEDKA_WORKERS="2",
    ) as process:
        serving = Team(process, await address_of(process))
        old = serving.pids()

        file.write_text("prot = 1")
        process.send_signal(signal.SIGHUP)
        await serving.says("The new worker cannot start; the old ones go on.")

        assert serving.pids() == old
        assert await is_up(serving.address)


async def test_told_twice_they_stop_at_once(tmp_path: Path) -> None:
    async with team(tmp_path, BESEDKA_DRAIN_SECONDS="60") as serving:
        started = time.monotonic()
        serving.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(1.2)  # Sooner it would be the same Ctrl+C, from two senders.
        assert serving.process.returncode is None
        serving.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(ended(serving.process), 20)

    assert time.monotonic() - started < 10
