"""All workers are replaced while people post: nothing that was acknowledged is lost or doubled."""

import asyncio
import os
import random
import signal
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.databases import a_database
from tests.integration.cli.test_stopping import register
from tests.integration.cli.test_workers import team
from tests.wire_client import Frame, Refused, Rejected, WireClient

NO_LIMITS = {
    "BESEDKA_LIMITS__POSTS_PER_SECOND": "0",
    "BESEDKA_LIMITS__REQUESTS_PER_SECOND": "0",
    "BESEDKA_LIMITS__ROOM_CHANGES_PER_MINUTE": "0",
}


@dataclass
class Poster:
    """Posts one message after the other, each until it is acknowledged, and comes back as the web
    client does: after a random part of the time that it was told."""

    address: str
    secret: str
    room: str
    name: str
    acknowledged: dict[str, int] = field(default_factory=dict)
    closings: list[int | None] = field(default_factory=list)
    refusals: list[Frame] = field(default_factory=list)
    knocks: int = 0

    async def post_until(self, done: asyncio.Event) -> None:
        client = await self._come()
        while not done.is_set():
            key = f"{self.name}-{len(self.acknowledged)}"
            while key not in self.acknowledged:
                try:
                    answer = await client.ask("post", room=self.room, key=key, text=key)
                    self.acknowledged[key] = answer["seq"]
                except Refused as refused:
                    self.refusals.append(refused.error)
                except ConnectionError:
                    client = await self._come_back(client)
            await asyncio.sleep(0.005)
        await client.close()

    async def _come_back(self, client: WireClient) -> WireClient:
        self.closings.append(await client.closed())
        hints = [frame["retry_within"] for frame in client.pushes("going_away")]
        await client.close()
        await asyncio.sleep(random.random() * (hints[-1] if hints else 0.1))
        return await self._come()

    async def _come(self) -> WireClient:
        while True:
            self.knocks += 1
            try:
                client = await WireClient.connect(self.address, self.secret)
                await client.hello()
            except (OSError, Rejected):
                await asyncio.sleep(random.random() / 10)
            else:
                return client


async def load(address: str, posters: int) -> tuple[WireClient, list[Poster]]:
    secret = await register(address)
    owner = await WireClient.connect(address, secret)
    await owner.hello()
    room = (await owner.ask("create_room", name="garden"))["room"]["id"]
    return owner, [Poster(address, secret, room, f"poster{n}") for n in range(posters)]


async def history(poster: Poster) -> dict[str, list[int]]:
    """Each text that was posted, with the seqs under which it is stored."""
    client = await poster._come()
    found: dict[str, list[int]] = {}
    before = None
    while True:
        at = {} if before is None else {"before": before}
        page = await client.ask("page", room=poster.room, limit=200, **at)
        for message in page["messages"]:
            if message["kind"] == "posted":
                found.setdefault(message["text"], []).append(message["seq"])
        if not page["more_before"]:
            break
        before = page["messages"][0]["seq"]
    await client.close()
    return found


async def check(posters: list[Poster]) -> None:
    stored = await history(posters[0])
    for poster in posters:
        for key, seq in poster.acknowledged.items():
            assert stored[key] == [seq]
    assert len(stored) == sum(len(poster.acknowledged) for poster in posters)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_replacing_all_workers_loses_nothing(tmp_path: Path, database: str) -> None:
    async with (
        a_database(database, tmp_path) as url,
        team(tmp_path, DATABASE_URL=url, **NO_LIMITS) as serving,
    ):
        owner, posters = await load(serving.address, 4)
        done = asyncio.Event()
        async with asyncio.TaskGroup() as posting:
            for poster in posters:
                posting.create_task(poster.post_until(done))
            serving.process.send_signal(signal.SIGHUP)
            await serving.says("All workers are new")
            done.set()

        await check(posters)
        closings = [code for poster in posters for code in poster.closings]
        assert len(closings) >= 3
        assert set(closings) == {1012}
        assert not any(poster.refusals for poster in posters)
        assert await owner.closed() == 1012
        await owner.close()


async def test_killing_a_worker_loses_nothing(tmp_path: Path) -> None:
    async with team(tmp_path, **NO_LIMITS) as serving:
        owner, posters = await load(serving.address, 4)
        done = asyncio.Event()
        async with asyncio.TaskGroup() as posting:
            for poster in posters:
                posting.create_task(poster.post_until(done))
            for _ in range(2):
                victim = min(serving.pids())
                os.kill(victim, signal.SIGKILL)
                await serving.says(f"Worker {victim} died")
                await asyncio.sleep(1)
            done.set()

        await check(posters)
        await owner.close()
