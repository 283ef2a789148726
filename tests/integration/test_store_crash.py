"""A server that is killed at any moment has lost nothing that it acknowledged."""

import asyncio
import random
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from adapters.persistence.sql.store import SqlStore
from tests.cast import a_room, alice

KILLS = 6

# Posts in batches of all sizes, and says "seq key" for each message that is committed.
SERVER = """
import asyncio, itertools, sys
from adapters.persistence.sql.store import SqlStore
from tests.cast import a_post, a_room, alice, numbered

async def main(url, life):
    store = SqlStore(url)
    await store.open("first life")
    for batch in itertools.count():
        keys = [f"{life} {batch} {n}" for n in range(batch % 7 + 1)]
        async with store.unit() as unit:
            room = await unit.rooms.lock(a_room().id)
            messages = numbered(room, *(a_post(alice(), "hello" * 50, key=key) for key in keys))
            await unit.log.append(messages)
            await unit.rooms.save(room)
        for message in messages:
            print(message.seq, message.key, flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


async def test_every_acknowledged_message_is_there_once_after_every_kill(tmp_path: Path) -> None:
    path = tmp_path / "besedka.db"
    url = f"sqlite:///{path}"
    await found(url)
    acknowledged: dict[int, str] = {}

    for life in range(KILLS):
        acknowledged |= await acknowledged_until_killed(url, life)

        stored = await all_messages(url)
        assert list(stored) == list(range(1, len(stored) + 1))
        assert len(set(stored.values())) == len(stored)
        assert acknowledged.items() <= stored.items()
        assert intact(path)
    assert len(acknowledged) > KILLS


async def found(url: str) -> None:
    store = SqlStore(url)
    await store.open("first life")
    async with store.unit() as unit:
        await unit.users.add(alice(), "hash")
        await unit.rooms.add(a_room())
    await store.close()


async def acknowledged_until_killed(url: str, life: int) -> dict[int, str]:
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, url, str(life), stdout=PIPE
    )
    try:
        lines = await lines_for(server, random.uniform(0.01, 0.15))
    finally:
        server.kill()
    rest, _ = await server.communicate()
    complete = (b"".join(lines) + rest).rpartition(b"\n")[0].decode().splitlines()
    assert complete
    return {int(seq): key for seq, key in (line.split(" ", 1) for line in complete)}


async def lines_for(server: Process, seconds: float) -> list[bytes]:
    """The first line, whenever it comes, and those that come within so many seconds of it."""
    assert server.stdout
    lines = [await server.stdout.readline()]
    try:
        async with asyncio.timeout(seconds):
            while line := await server.stdout.readline():
                lines.append(line)
    except TimeoutError:
        pass
    return lines


async def all_messages(url: str) -> dict[int, str | None]:
    store = SqlStore(url)
    await store.open("another life")
    async with store.view() as view:
        room = await view.rooms.find(a_room().id)
        log = await view.log.replay(a_room().id, 0, limit=10**6)
    await store.close()
    assert room
    assert room.head == len(log)
    return {message.seq: message.key for message in log}


def intact(path: Path) -> bool:
    connection = sqlite3.connect(path)
    [answer] = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    return bool(answer == "ok")
