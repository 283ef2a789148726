"""SIGTERM to the whole program, whatever its clients and its database do."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.integration.cli.processes import address_of, besedka, ended
from tests.integration.ws.raw_socket import TEXT, RawSocket
from tests.kit import PASSWORD
from tests.servers.postgres import PostgresServer
from tests.wire_client import WireClient

HELLO = b'{"id": 1, "type": "hello"}'
# What the program has by default to end, and a moment for the machine.
IN_TIME = 11.0


@dataclass
class Running:
    process: asyncio.subprocess.Process
    address: str
    secret: str

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    async def client(self) -> WireClient:
        client = await WireClient.connect(self.address, self.secret)
        await client.hello()
        return client

    async def stops(self) -> float:
        """Told to, how many seconds it takes."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self.process.wait(), 30)
        return time.monotonic() - started


@asynccontextmanager
async def running(directory: Path, **environ: str) -> AsyncIterator[Running]:
    async with besedka(directory, "serve", PORT="0", **environ) as process:
        address = await address_of(process)
        yield Running(process, address, await register(address))


async def register(address: str, username: str = "alice") -> str:
    """A token of a new account."""
    jar = aiohttp.CookieJar(unsafe=True)
    headers = {"Origin": address}
    async with aiohttp.ClientSession(address, cookie_jar=jar, headers=headers) as session:
        account = {"username": username, "password": PASSWORD}
        async with session.post("/api/v1/users", json=account) as answer:
            assert answer.status == 201, await answer.text()
        async with session.post("/api/v1/tokens", json={"name": "test"}) as answer:
            return str((await answer.json())["secret"])


async def test_clients_that_neither_read_nor_answer_are_not_waited_for(tmp_path: Path) -> None:
    async with running(tmp_path, BESEDKA_SHUTDOWN_SECONDS="5") as server:
        polite = await server.client()
        silent = [await RawSocket.connect(server.port, server.secret) for _ in range(3)]
        for raw in silent:
            raw.send(TEXT, HELLO)
            await raw.receive()
            raw.writer.transport.pause_reading()
        half_sent = await asyncio.open_connection("127.0.0.1", server.port)
        half_sent[1].write(
            b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
        )
        await half_sent[1].drain()
        await polite.ask("ping")

        seconds = await server.stops()

        assert await polite.closed() == 1012
        assert polite.received[-1] == {"type": "going_away", "retry_within": 1}
        assert seconds < 9  # They were given five; the process has to end as well.
        await polite.close()
        for raw in silent:
            await raw.close()
        half_sent[1].close()


async def test_a_database_that_hangs_is_not_waited_for(tmp_path: Path) -> None:
    postgres = PostgresServer()
    postgres.start()
    try:
        environ = {"DATABASE_URL": postgres.url(), "BESEDKA_STORE__BUSY_TIMEOUT_SECONDS": "60"}
        async with running(tmp_path, **environ) as server:
            client = await server.client()
            room = (await client.ask("create_room", name="garden"))["room"]["id"]
            postgres.freeze()
            await client.tell("post", room=room, key="k", text="to be, or not to be")
            await client.ask("ping")

            seconds = await server.stops()

            assert await client.closed() == 1012
            await client.close()
            exit_code, _, errors = await ended(server.process)
    finally:
        postgres.close()

    assert seconds < IN_TIME
    assert exit_code == 1
    assert errors == "Stopped after 10 seconds with something unfinished.\n"


async def test_told_again_it_stops_at_once(tmp_path: Path) -> None:
    async with running(tmp_path, BESEDKA_DRAIN_SECONDS="60") as server:
        server.process.send_signal(signal.SIGTERM)
        await asyncio.sleep(1.2)  # Sooner it would be the same Ctrl+C, from two senders.
        assert server.process.returncode is None

        assert await server.stops() < 5

        exit_code, _, errors = await ended(server.process)
    assert (exit_code, errors) == (1, "Stopped at once, as it was told to again.\n")


async def test_while_it_drains_it_serves_but_is_not_ready(tmp_path: Path) -> None:
    async with running(tmp_path, BESEDKA_DRAIN_SECONDS="2") as server:
        client = await server.client()
        server.process.send_signal(signal.SIGTERM)
        statuses: list[int] = []
        async with aiohttp.ClientSession(server.address) as session:
            while 503 not in statuses:
                async with session.get("/readyz") as answer:
                    statuses.append(answer.status)
            async with session.get("/login") as answer:
                login = (answer.status, answer.headers["Connection"])
        newcomer = await server.client()
        room = (await newcomer.ask("create_room", name="late"))["room"]["id"]
        posted = await newcomer.ask("post", room=room, key="k", text="still here")

        assert login == (200, "close")
        assert posted["seq"] == 2
        for each in (client, newcomer):
            assert await each.closed(within=10) == 1012
            await each.close()
        assert await asyncio.wait_for(server.process.wait(), 20) == 0


async def test_sighup_ends_no_server_without_workers(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        client = await server.client()

        server.process.send_signal(signal.SIGHUP)
        await client.ask("ping")

        await client.close()
        assert await server.stops() < IN_TIME
        _, output, _ = await ended(server.process)
    assert "SIGHUP replaces workers" in output


async def test_one_signal_from_two_senders_is_one(tmp_path: Path) -> None:
    async with running(tmp_path) as server:
        client = await server.client()
        for number in (signal.SIGINT, signal.SIGTERM):
            server.process.send_signal(number)

        assert await client.closed() == 1012
        assert json.dumps(client.received[-1]) == '{"type": "going_away", "retry_within": 1}'
        await client.close()
        assert await asyncio.wait_for(server.process.wait(), 20) == 0
