"""One INSERT and one commit for each message, with nothing but the database's driver.

    bare_driver.py URL ROOM AUTHOR LAST_SEQ SECONDS WRITERS

As many messages as `WRITERS` connections can store in `SECONDS`, into a table of Besedka's with
all its indexes, as durably as Besedka does. Prints how many that were in a second.
"""

import asyncio
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import count
from uuid import uuid4

INSERT = (
    "INSERT INTO messages (room_id, seq, kind, author_id, text, key, at, deleted) "
    "VALUES ({}, {}, 'posted', {}, {}, {}, {}, false)"
)
WARM_UP = 0.5

url, room, author = sys.argv[1:4]
last_seq, seconds, writers = int(sys.argv[4]), float(sys.argv[5]), int(sys.argv[6])
seqs = count(last_seq + 1)


def message() -> tuple[str, int, str, str, str, int]:
    key = str(uuid4())
    return room, next(seqs), author, f"{key} ".ljust(100, "x"), key, time.time_ns() // 1_000_000


def in_sqlite() -> float:
    connection = sqlite3.connect(url[len("sqlite:///") :], isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA wal_autocheckpoint=4000")
    statement = INSERT.format(*"??????")
    rate = 0.0
    for span in (WARM_UP, seconds):
        started, stored = time.perf_counter(), 0
        while time.perf_counter() - started < span:
            connection.execute(statement, message())
            stored += 1
        rate = stored / (time.perf_counter() - started)
    connection.close()
    return rate


async def in_postgresql() -> float:
    import asyncpg

    connections = [await asyncpg.connect(url) for _ in range(writers)]
    statement = INSERT.format("$1", "$2", "$3", "$4", "$5", "$6")

    def storing(connection: asyncpg.Connection) -> Callable[[], Awaitable[object]]:
        return lambda: connection.execute(statement, *message())

    rate = await rate_of([storing(connection) for connection in connections])
    for connection in connections:
        await connection.close()
    return rate


async def in_mongodb() -> float:
    from motor.motor_asyncio import AsyncIOMotorClient

    client = AsyncIOMotorClient(url, w="majority", journal=True, maxPoolSize=writers)
    messages = client.get_default_database()["messages"]

    async def store() -> None:
        _, seq, _, text, key, at = message()
        await messages.insert_one(
            {
                "_id": {"room": room, "seq": seq},
                "kind": "posted",
                "author": author,
                "text": text,
                "key": key,
                "at": at,
                "words": [f"@{author}", *sorted(set(text.replace("-", " ").split()))],
            }
        )

    return await rate_of([store] * writers)


async def rate_of(stores: list[Callable[[], Awaitable[object]]]) -> float:
    """Messages per second of all together, each storing one after another."""

    async def write(store: Callable[[], Awaitable[object]], until: float) -> int:
        stored = 0
        while time.perf_counter() < until:
            await store()
            stored += 1
        return stored

    rate = 0.0
    for span in (WARM_UP, seconds):
        started = time.perf_counter()
        stored = sum(await asyncio.gather(*(write(store, started + span) for store in stores)))
        rate = stored / (time.perf_counter() - started)
    return rate


match url.partition(":")[0]:
    case "sqlite":
        print(in_sqlite())
    case "postgresql":
        print(asyncio.run(in_postgresql()))
    case "mongodb":
        print(asyncio.run(in_mongodb()))
