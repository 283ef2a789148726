"""A real mongod for the tests: a replica set of one node, because transactions need one.

async with fresh_database() as url:        one database that does not exist yet
url = emptied_database()                   one with indexes and without documents: faster

server = MongoServer()                     one of its own, to kill or freeze
server.start()
…
server.close()
"""

import asyncio
import atexit
import contextlib
import functools
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from tests.servers.child import PATIENCE, Child, silent_child
from tests.servers.setting import free_port, installed, unavailable

_ALREADY_INITIALIZED = 23


class MongoServer(Child):
    """One server on a port that it keeps; with `standalone`, one that is no replica set; with a
    `password`, one that knows the user `me` and nobody else."""

    def __init__(self, *, standalone: bool = False, password: str = "") -> None:
        self.port = free_port()
        self._program = _program()
        self._standalone = standalone
        self._password = password
        self._directory = Path(tempfile.mkdtemp(prefix="besedka-mongo-"))

    def start(self, *, initiate: bool = True) -> None:
        """Returns when it takes writes; if it is not to be a replica set yet, when it answers."""
        self._process = silent_child(
            self._program,
            [
                *("--dbpath", str(self._directory), "--logpath", str(self._directory / "log")),
                *("--port", str(self.port), "--bind_ip", "127.0.0.1", "--nounixsocket"),
                *("--oplogSize", "64", "--wiredTigerCacheSizeGB", "0.25"),
                *("--setParameter", "diagnosticDataCollectionEnabled=false"),
                *(() if self._standalone else ("--replSet", "rs0")),
                *self._guard(),
            ],
        )
        # The client that initiates keeps an old view of the replica set: nobody else may use it.
        with MongoClient[Any](self.url(), directConnection=True, timeoutMS=PATIENCE * 1000) as it:
            it.admin.command("ping")
            if initiate and not self._standalone:
                self._initiate(it)
                if self._password:
                    it.admin.command("createUser", "me", pwd=self._password, roles=["root"])

    def close(self) -> None:
        """Whatever a test left it in. Nothing remains."""
        if self._process is not None:
            self.kill()
        shutil.rmtree(self._directory, ignore_errors=True)

    def url(self, database: str = "besedka") -> str:
        return f"mongodb://127.0.0.1:{self.port}/{database}"

    def _guard(self) -> tuple[str, ...]:
        if not self._password:
            return ()
        key = self._directory / "key"
        key.write_text("a key that members of the set know each other by".replace(" ", ""))
        key.chmod(0o400)
        return ("--keyFile", str(key))

    def _initiate(self, client: MongoClient[Any]) -> None:
        members = [{"_id": 0, "host": f"127.0.0.1:{self.port}"}]
        try:
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
        except OperationFailure as error:
            if error.code != _ALREADY_INITIALIZED:  # After a restart it is.
                raise
        deadline = time.monotonic() + PATIENCE
        while not client.admin.command("hello")["isWritablePrimary"]:
            assert time.monotonic() < deadline, "mongod did not become the primary"
            time.sleep(0.02)


@functools.cache
def shared_server_url() -> str:
    """The URL of a server for the whole run. Whoever disturbs a server needs one of its own."""
    if given := os.environ.get("BESEDKA_TEST_MONGO_URL"):
        return given
    server = MongoServer()
    atexit.register(server.close)
    server.start()
    return server.url()


@asynccontextmanager
async def fresh_database() -> AsyncIterator[str]:
    """The URL of a database for one test. It is not there before, and not afterwards."""
    name = f"besedka_test_{os.getpid()}_{next(_numbers)}"
    client = shared_client()  # Not in a thread: the server would end with that thread.
    try:
        yield database_url(shared_server_url(), name)
    finally:
        await asyncio.to_thread(client.drop_database, name)


def emptied_database(kind: str = "plain") -> str:
    """The URL of a database without documents, one of each kind. Whatever indexes were made there
    stay: making them would take longer than most tests."""
    name = f"besedka_test_{os.getpid()}_{kind}"
    database = shared_client()[name]
    for collection in database.list_collection_names():
        database[collection].delete_many({})
    return database_url(shared_server_url(), name)


@functools.cache
def shared_client() -> MongoClient[Any]:
    """To look and to meddle, as somebody with a shell would."""
    client = MongoClient[Any](shared_server_url(), timeoutMS=PATIENCE * 1000)
    atexit.register(_leave, client)
    return client


def database_url(url: str, database: str) -> str:
    """The same server and options, another database."""
    address, _, options = url.partition("?")
    scheme, _, rest = address.partition("://")
    hosts = rest.rpartition("@")[2].partition("/")[0]
    login = rest[: rest.rindex(hosts)]
    return f"{scheme}://{login}{hosts}/{database}" + (f"?{options}" if options else "")


_numbers = itertools.count()


def _leave(client: MongoClient[Any]) -> None:
    """Somebody else's server is left as it was; one of ours may have ended before."""
    with contextlib.suppress(PyMongoError), client:
        for name in client.list_database_names():
            if name.startswith(f"besedka_test_{os.getpid()}_"):
                client.drop_database(name)


@functools.cache
def _program() -> str:
    bundled = installed("fiftyone", "db", "bin", "mongod")
    program = str(bundled) if bundled else shutil.which("mongod")
    if program is None:
        unavailable("mongod is not installed: make test, or set BESEDKA_TEST_MONGO_URL.")
    return program
