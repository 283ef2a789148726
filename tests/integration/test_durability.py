"""The whole server as a process of its own, killed in the middle of its work. What it has
acknowledged is there afterwards, once, and in its place."""

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.kit import PASSWORD
from tests.wire_client import Refused, Rejected, WireClient

ROUNDS = 5
AUTHORS = 3
IN_FLIGHT = 8
BESEDKA = [sys.executable, "-m", "bootstrap", "serve", "--port", "0", "--log-format", "text"]
SOURCES = Path(__file__).parents[2] / "src"
GONE = (ConnectionError, aiohttp.ClientError, Rejected, TimeoutError)


@dataclass
class Node:
    """`besedka serve`, as a child of this process."""

    process: asyncio.subprocess.Process
    address: str

    async def stop(self, number: signal.Signals) -> int:
        """The exit code."""
        self.process.send_signal(number)
        async with asyncio.timeout(10):
            return await self.process.wait()


@asynccontextmanager
async def node(file: Path) -> AsyncIterator[Node]:
    inherited = {name: value for name, value in os.environ.items() if "BESEDKA" not in name}
    process = await asyncio.create_subprocess_exec(
        *BESEDKA,
        "--database-url",
        f"sqlite:///{file}",
        cwd=file.parent,
        env={
            **inherited,
            "PYTHONPATH": str(SOURCES),
            "PYTHONUNBUFFERED": "1",
            "BESEDKA_LIMITS__POSTS_PER_SECOND": "0",
            "BESEDKA_WELCOME_ROOM": "",
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout
    lines: list[str] = []
    address = ""
    async with asyncio.timeout(20):
        while "ready at " not in address:
            line = (await process.stdout.readline()).decode()
            assert line, "".join(lines)
            lines.append(line)
            address = line
    draining = asyncio.create_task(_drain(process.stdout, lines))
    try:
        yield Node(process, address.partition("ready at ")[2].split()[0])
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await draining
    assert "Traceback" not in "".join(lines), "".join(lines)


async def _drain(stream: asyncio.StreamReader, lines: list[str]) -> None:
    while line := await stream.readline():
        lines.append(line.decode())


@dataclass
class Author:
    """Somebody who posts in a stream, each post under a key of its own, and repeats under the
    same key what was not answered, until it is."""

    name: str
    secret: str
    room: str
    acked: dict[str, int] = field(default_factory=dict)
    unanswered: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    close_codes: list[int | None] = field(default_factory=list)
    _posted: int = 0

    async def stream(self, address: str, *, until: asyncio.Event) -> None:
        """Until then, or until the server is gone."""
        with contextlib.suppress(*GONE):
            client = await WireClient.connect(address, self.secret)
            try:
                await client.hello()
                await self._repeat(client)
                await asyncio.gather(*(self._post(client, until) for _ in range(IN_FLIGHT)))
            finally:
                if not until.is_set():
                    self.close_codes.append(await client.closed())
                await client.close()

    async def finish(self, address: str) -> None:
        """Repeat the last that was not answered."""
        client = await WireClient.connect(address, self.secret)
        await client.hello()
        await self._repeat(client)
        await client.close()

    async def _repeat(self, client: WireClient) -> None:
        for key, text in list(self.unanswered.items()):
            answer = await self._ask(client, key, text)
            self.repeated += answer["duplicate"]

    async def _post(self, client: WireClient, until: asyncio.Event) -> None:
        while not until.is_set():
            self._posted += 1
            key = f"{self.name}-{self._posted}"
            self.unanswered[key] = f"text of {key}"
            try:
                await self._ask(client, key, self.unanswered[key])
            except Refused as refused:
                if refused.error["temporary"]:
                    return
                raise

    async def _ask(self, client: WireClient, key: str, text: str) -> dict[str, Any]:
        answer = await client.ask("post", room=self.room, key=key, text=text)
        self.acked[key] = answer["seq"]
        del self.unanswered[key]
        # The client keeps all it got; of this much talk nobody needs to.
        client.received.clear()
        client._untaken.clear()
        return answer


async def settle(address: str) -> tuple[list[Author], str]:
    """Accounts and one room for all of them."""
    secrets = {}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        for number in range(AUTHORS):
            session.cookie_jar.clear()
            registration = {"username": f"author{number}", "password": PASSWORD}
            async with session.post(f"{address}/api/v1/users", json=registration) as response:
                assert response.status == 201, await response.text()
                secrets[registration["username"]] = response.cookies["besedka_session"].value
    room = ""
    for name, secret in secrets.items():
        client = await WireClient.connect(address, secret)
        await client.hello()
        if not room:
            room = (await client.ask("create_room", name="stream"))["room"]["id"]
        await client.ask("join", room=room)
        await client.close()
        assert name
    return [Author(name, secret, room) for name, secret in secrets.items()], room


async def whole_history(address: str, author: Author) -> list[dict[str, Any]]:
    client = await WireClient.connect(address, author.secret)
    await client.hello()
    messages: list[dict[str, Any]] = []
    more = True
    while more:
        after = messages[-1]["seq"] if messages else 0
        page = await client.ask("page", room=author.room, after=after, limit=200)
        messages += page["messages"]
        more = page["more_after"]
    await client.close()
    return messages


def check(history: list[dict[str, Any]], authors: list[Author]) -> None:
    """Gapless, every key once, and every acknowledged message there with its seq."""
    assert [message["seq"] for message in history] == list(range(1, len(history) + 1))
    posted = [message for message in history if message["kind"] == "posted"]
    texts = [message["text"] for message in posted]
    assert len(set(texts)) == len(texts)
    stored = {message["text"]: message["seq"] for message in posted}
    acked = {f"text of {key}": seq for author in authors for key, seq in author.acked.items()}
    assert acked == stored


@pytest.fixture
def dice() -> random.Random:
    return random.Random(20261120)


async def test_what_was_acknowledged_survives_kill_9(tmp_path: Path, dice: random.Random) -> None:
    file = tmp_path / "besedka.db"
    async with node(file) as running:
        authors, _ = await settle(running.address)
        await running.stop(signal.SIGTERM)

    for _ in range(ROUNDS):
        async with node(file) as running:
            streams = [
                asyncio.create_task(author.stream(running.address, until=asyncio.Event()))
                for author in authors
            ]
            await enough(authors, more=dice.randint(20, 400))
            assert await running.stop(signal.SIGKILL) == -signal.SIGKILL
            await asyncio.gather(*streams)

    async with node(file) as running:
        for author in authors:
            await author.finish(running.address)
        history = await whole_history(running.address, authors[0])
    check(history, authors)
    assert sum(len(author.acked) for author in authors) > ROUNDS * 20


async def test_a_stop_in_the_middle_of_a_stream_loses_nothing(tmp_path: Path) -> None:
    file = tmp_path / "besedka.db"
    async with node(file) as running:
        authors, _ = await settle(running.address)
        streams = [
            asyncio.create_task(author.stream(running.address, until=asyncio.Event()))
            for author in authors
        ]
        await enough(authors, more=300)
        assert await running.stop(signal.SIGTERM) == 0
        await asyncio.gather(*streams)
    assert [author.close_codes for author in authors] == [[1012]] * AUTHORS

    async with node(file) as running:
        for author in authors:
            await author.finish(running.address)
        check(await whole_history(running.address, authors[0]), authors)


async def enough(authors: list[Author], *, more: int) -> None:
    """Until so many more are acknowledged: a moment that no clock decides."""

    def acked() -> int:
        return sum(len(author.acked) for author in authors)

    goal = acked() + more
    async with asyncio.timeout(20):
        while acked() < goal:  # noqa: ASYNC110  # Three streams, one sum.
            await asyncio.sleep(0.001)
