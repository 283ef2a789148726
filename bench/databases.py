"""The databases under measurement, each as careful with what it is given as an operator's: what is
acknowledged is on the disk."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from pymongo import MongoClient

from bootstrap import Container
from tests.servers.mongo import MongoServer
from tests.servers.postgres import PostgresServer, administer

# What an installation has that nobody has tuned; the tests' own server is smaller.
POSTGRES = {"shared_buffers": "128MB", "autovacuum": "on"}


@dataclass(frozen=True)
class Database:
    """`fresh` gives the URL of an empty one. `size`, in bytes on disk, of one that nobody has
    open."""

    name: str
    fresh: Callable[[], str]
    size: Callable[[str], int]


@contextmanager
def sqlite() -> Iterator[Database]:
    numbers = count()
    with tempfile.TemporaryDirectory(prefix="besedka-bench-") as folder:

        def fresh() -> str:
            return f"sqlite:///{folder}/{next(numbers)}.db"

        yield Database("SQLite", fresh, lambda url: Path(url[len("sqlite:///") :]).stat().st_size)


@contextmanager
def postgresql() -> Iterator[Database]:
    server = PostgresServer(durable=True, **POSTGRES)
    numbers = count()

    def fresh() -> str:
        name = f"bench{next(numbers)}"
        asyncio.run(administer(server.url(), f"CREATE DATABASE {name}"))
        return server.url(name)

    try:
        server.start()
        yield Database("PostgreSQL", fresh, lambda url: asyncio.run(_postgres_size(url)))
    finally:
        server.close()


@contextmanager
def mongodb() -> Iterator[Database]:
    server = MongoServer()
    numbers = count()

    def size(url: str) -> int:
        with MongoClient(url) as client:
            return int(client.get_default_database().command("dbStats")["totalSize"])

    try:
        server.start()
        yield Database("MongoDB", lambda: server.url(f"bench{next(numbers)}"), size)
    finally:
        server.close()


STARTED = {"sqlite": sqlite, "postgresql": postgresql, "mongodb": mongodb}


@contextmanager
def started(scheme: str) -> Iterator[Database | None]:
    """None where the program does not know it yet, or its server is not installed."""
    if scheme not in Container.bare_store.providers:
        print(f"NOT MEASURED: {scheme} is not among the stores of this program.")
        yield None
        return
    with ExitStack() as stack:
        try:
            database = stack.enter_context(STARTED[scheme]())
        except pytest.skip.Exception as reason:
            print(f"NOT MEASURED: {reason}")
            database = None
        yield database


async def _postgres_size(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("SELECT pg_database_size(current_database())"))
    finally:
        await connection.close()
