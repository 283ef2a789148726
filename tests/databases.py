"""The databases that the whole program is tried on, end to end. By default each suite takes those
that it can afford; `pytest --database postgres` runs them all on that one.

Every run of pytest reads this for its options: what a server needs is imported where one is asked
for, or the unit tests would wait for the libraries of them all."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from queue import Queue

DATABASES = ("memory", "sqlite", "postgres", "mongo")


@asynccontextmanager
async def a_database(kind: str, directory: Path) -> AsyncIterator[str]:
    """The DATABASE_URL of an empty one."""
    match kind:
        case "memory":
            yield "memory://"
        case "sqlite":
            from tests.servers import sqlite

            yield await sqlite.migrated_file(directory / "besedka.db")
        case "postgres":
            from tests.servers import postgres

            async with postgres.reused_database() as url:
                yield url
        case "mongo":
            from tests.servers import mongo

            async with mongo.fresh_database() as url:
                yield url


@contextmanager
def a_database_held(kind: str, directory: Path) -> Iterator[str]:
    """The same for who cannot have an event loop, because Playwright has one."""
    # A server ends with the thread that started it, so that is this one.
    _start(kind)
    urls: Queue[str | BaseException] = Queue()
    released = threading.Event()

    async def hold() -> None:
        async with a_database(kind, directory) as url:
            urls.put(url)
            await asyncio.to_thread(released.wait)

    def run() -> None:
        try:
            asyncio.run(hold())
        except BaseException as error:  # noqa: BLE001  # A skip is one; it belongs to who waits.
            urls.put(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        url = urls.get()
        if isinstance(url, BaseException):
            raise url
        yield url
    finally:
        released.set()
        thread.join()


def _start(kind: str) -> None:
    match kind:
        case "postgres":
            from tests.servers import postgres

            postgres.shared_server_url()
        case "mongo":
            from tests.servers import mongo

            mongo.shared_server_url()
