"""The databases that the whole program is tried on, end to end. By default each suite takes those
that it can afford; `pytest --database postgres` runs them all on that one."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from queue import Queue

from tests.servers import mongo, postgres

DATABASES = ("memory", "sqlite", "postgres", "mongo")


@asynccontextmanager
async def a_database(kind: str, directory: Path) -> AsyncIterator[str]:
    """The DATABASE_URL of an empty one."""
    match kind:
        case "memory":
            yield "memory://"
        case "sqlite":
            yield f"sqlite:///{directory}/besedka.db"
        case "postgres":
            async with postgres.reused_database() as url:
                yield url
        case "mongo":
            async with mongo.fresh_database() as url:
                yield url


@contextmanager
def a_database_held(kind: str, directory: Path) -> Iterator[str]:
    """The same for who cannot have an event loop, because Playwright has one."""
    # A server ends with the thread that started it, so that is this one.
    {"postgres": postgres.shared_server_url, "mongo": mongo.shared_server_url}.get(kind, str)()
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
