"""Two workers on one port: whichever is asked, it tells of both."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.integration.cli.processes import PATIENCE
from tests.integration.cli.test_stopping import register
from tests.integration.cli.test_workers import Team, team
from tests.integration.metrics.numbers import Numbers, scraped
from tests.wire_client import WireClient

SOCKETS = 12
CONNECTIONS = "besedka_connections"
POSTS = "besedka_posts_total"


@pytest.fixture
async def serving(tmp_path: Path) -> AsyncIterator[Team]:
    async with team(tmp_path, TMPDIR=str(tmp_path)) as serving:
        yield serving


@asynccontextmanager
async def sockets(address: str, secret: str) -> AsyncIterator[list[WireClient]]:
    """So many that each worker has some."""
    async with AsyncExitStack() as stack:
        clients = [await WireClient.connect(address, secret) for _ in range(SOCKETS)]
        for client in clients:
            stack.push_async_callback(client.close)
            await client.hello()
        yield clients


async def until(address: str, name: str, value: float) -> Numbers:
    """The first scrape that says so."""
    async with asyncio.timeout(PATIENCE):
        # Of other processes; no event tells it.
        while (numbers := await scraped(address)).samples().get(name) != value:  # noqa: ASYNC110
            await asyncio.sleep(0.05)  # Who asks without a pause holds up what is asked about.
        return numbers


def pids(numbers: Numbers) -> set[int]:
    samples = numbers.metrics["process_start_time_seconds"].samples
    return {int(sample.labels["pid"]) for sample in samples}


async def test_whichever_worker_is_asked_it_tells_of_all(serving: Team) -> None:
    secret = await register(serving.address)
    async with sockets(serving.address, secret) as clients:
        garden = (await clients[0].ask("create_room", name="garden"))["room"]["id"]
        for number, client in enumerate(clients):
            await client.ask("post", room=garden, key=str(number), text="hello")
        await until(serving.address, CONNECTIONS, SOCKETS)

        several = [await scraped(serving.address) for _ in range(10)]

    assert {numbers[CONNECTIONS] for numbers in several} == {SOCKETS}
    assert {numbers[POSTS] for numbers in several} == {SOCKETS}
    assert all(numbers["besedka_batch_messages_count"] >= SOCKETS for numbers in several)
    assert all(pids(numbers) == serving.pids() for numbers in several)
    builds = [name for name in several[0].samples() if name.startswith("besedka_build_info")]
    assert [several[0][name] for name in builds] == [1]


async def test_what_a_dead_worker_counted_stays_and_what_it_had_open_does_not(
    serving: Team,
) -> None:
    secret = await register(serving.address)
    async with sockets(serving.address, secret) as clients:
        garden = (await clients[0].ask("create_room", name="garden"))["room"]["id"]
        for number, client in enumerate(clients):
            await client.ask("post", room=garden, key=str(number), text="hello")
        await until(serving.address, CONNECTIONS, SOCKETS)
        victim = min(serving.pids())

        os.kill(victim, signal.SIGKILL)
        await serving.says(f"Worker {victim} died")
        left = [client for client in clients if client.close_code is None]
        numbers = await until(serving.address, CONNECTIONS, len(left))

    assert 0 < len(left) < SOCKETS
    assert numbers[POSTS] == SOCKETS
    assert victim not in pids(numbers)


def kept(directory: Path) -> list[Path]:
    return list(directory.glob("besedka-metrics-*"))


async def test_the_numbers_go_with_the_server(tmp_path: Path) -> None:
    async with team(tmp_path, TMPDIR=str(tmp_path)) as serving:
        while_it_served = kept(tmp_path)
        serving.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(serving.process.wait(), PATIENCE)

    assert len(while_it_served) == 1
    assert kept(tmp_path) == []
