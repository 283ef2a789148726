"""How SQLite is driven: its file, its settings, and one trip to the thread for each statement."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiosqlite

from adapters.persistence.sql.driver import Arguments, Driver
from application.ports.store import StoreUnusable

WRITE, READ = "BEGIN IMMEDIATE", "BEGIN DEFERRED"

Parameters = Sequence[Any]  # Whatever SQLite can bind.


class SqliteConnection(aiosqlite.Connection, Driver):
    """A connection whose every statement is in a transaction, opened by `begin` (PEP 249).

    aiosqlite sends each step of a statement to its thread: making a cursor, executing, fetching,
    closing. A trip costs more than most statements do, so here all steps make one trip together,
    the BEGIN goes with the first statement, and what is to be changed soon with the next.

    A statement is interrupted after the `longest` time, in seconds, that one may take.
    """

    errors = (sqlite3.Error,)
    made_at = 0.0

    def __init__(
        self,
        connector: Callable[[], sqlite3.Connection],
        *,
        begin: str,
        longest: float | None = None,
    ) -> None:
        aiosqlite.Connection.__init__(self, connector, iter_chunk_size=64)
        self._begin = begin
        self._longest = longest
        self._is_idle = True
        self._soon: list[tuple[str, Sequence[Arguments]]] = []
        self._stopped: asyncio.Future[None] | None = None
        self._thread.daemon = True  # A connection nobody closed must not keep the process alive.

    # aiosqlite's own cursors stay within its module; SQLAlchemy asks for this one only.
    def cursor(self) -> "SqliteCursor":  # type: ignore[override]
        return SqliteCursor(self)

    @property
    def is_lost(self) -> bool:
        return not self._running

    @property
    def has_begun(self) -> bool:
        return not self._is_idle

    async def begin(self) -> None:
        """Goes with the first statement."""

    async def rows(self, text: str, arguments: Arguments) -> list[Any]:
        return list(await self.run(lambda raw: raw.execute(text, arguments).fetchall()))

    async def change(self, text: str, arguments: Arguments) -> int:
        return int(await self.run(lambda raw: raw.execute(text, arguments).rowcount))

    async def change_by_each(self, text: str, many: Sequence[Arguments]) -> None:
        await self.run(lambda raw: raw.executemany(text, many))

    async def change_soon(self, text: str, many: Sequence[Arguments]) -> None:
        self._is_idle = False
        self._soon.append((text, many))

    async def insert_all(
        self, table: str, columns: Sequence[str], rows: Sequence[Arguments]
    ) -> None:
        names = ", ".join(f'"{column}"' for column in columns)
        places = ", ".join("?" * len(columns))
        await self.change_by_each(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)

    async def run(self, statement: Callable[[sqlite3.Connection], Any]) -> Any:
        """Run it in the thread, inside a transaction; what it returns is the statement's own."""
        if self.is_lost:
            raise sqlite3.OperationalError("the connection is closed")
        self._is_idle = False
        async with self._in_time():
            return await self._execute(self._run, statement)  # type: ignore[no-untyped-call]  # theirs

    async def commit(self) -> None:
        if self._soon:
            await self.run(lambda raw: raw.commit())
        else:
            await super().commit()
        self._is_idle = True

    async def rollback(self) -> None:
        # SQLAlchemy rolls back whatever it takes back, also what has just been committed.
        self._soon.clear()
        if not self._is_idle:
            await super().rollback()
            self._is_idle = True

    def stop(self) -> asyncio.Future[None] | None:
        # The thread answers once only. SQLAlchemy stops a connection whose closing was cancelled,
        # and the closing, which goes on, would wait forever for an answer of its own.
        if self._stopped is None:
            self._stopped = super().stop()
        return self._stopped

    async def ended(self) -> None:
        """Return when the thread of a connection that failed is gone. It would otherwise report
        to an event loop that may be closed by then."""
        if self._stopped is not None:
            await asyncio.shield(self._stopped)

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        """What nobody waits for any longer is interrupted: the thread, and whoever closes the
        connection, would be busy with it to its end."""
        if self._longest is None:
            yield
            return
        end = asyncio.get_running_loop().call_later(self._longest, self._conn.interrupt)
        try:
            yield
        except asyncio.CancelledError:
            self._conn.interrupt()
            raise
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            raise sqlite3.OperationalError(
                f"a statement took longer than {self._longest:g} s"
            ) from error
        finally:
            end.cancel()

    def _run(self, statement: Callable[[sqlite3.Connection], Any]) -> Any:
        if not self._conn.in_transaction:
            self._conn.execute(self._begin)
        while self._soon:
            self._conn.executemany(*self._soon.pop(0))
        return statement(self._conn)


class SqliteCursor:
    """What SQLAlchemy needs of a cursor; the rows are here before anybody asks."""

    def __init__(self, connection: SqliteConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None  # As sqlite3 gives it.
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> "SqliteCursor":
        return self

    async def execute(self, sql: str, parameters: Parameters = ()) -> None:
        self._keep(await self._connection.run(lambda raw: _finished(raw.execute(sql, parameters))))

    async def executemany(self, sql: str, many: Iterable[Parameters]) -> None:
        self._keep(await self._connection.run(lambda raw: _finished(raw.executemany(sql, many))))

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None: ...

    def _keep(self, finished: tuple[list[Any], sqlite3.Cursor]) -> None:
        self._rows, cursor = finished
        self.description = cursor.description
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid


def _finished(cursor: sqlite3.Cursor) -> tuple[list[Any], sqlite3.Cursor]:
    return cursor.fetchall() if cursor.description else [], cursor


def connecting(
    path: str, *, begin: str, timeout: float
) -> Callable[[], Awaitable[SqliteConnection]]:
    """What makes connections to this file. They wait `timeout` seconds for another process, and for
    a statement that reads. What writes may take its time: the room that it clears is as large as it
    is, and whoever comes meanwhile does not wait longer than that."""
    longest = timeout if begin == READ else None

    def connector() -> sqlite3.Connection:
        raw = sqlite3.connect(path, timeout=timeout, isolation_level=None)
        try:
            return _set_up(raw, begin)
        except sqlite3.OperationalError as error:
            cannot_write_beside = error.sqlite_errorcode in _NO_PLACE_BESIDE
            if begin != READ or not cannot_write_beside or not _is_unchanging(path):
                raise
        name = f"file:{quote(path)}?immutable=1"
        raw = sqlite3.connect(name, timeout=timeout, isolation_level=None, uri=True)
        return _set_up(raw, begin)

    async def connect() -> SqliteConnection:
        connection = SqliteConnection(connector, begin=begin, longest=longest)
        try:
            await connection
        except BaseException:
            await connection.ended()
            raise
        return connection

    return connect


def create_file(path: Path) -> None:
    """Make sure that the file is there and can be written, and that a new one is readable for
    nobody else: it holds everybody's messages. Raises `StoreUnusable`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreUnusable(
            f"The file {path} of DATABASE_URL cannot be opened for writing ({error.strerror}): "
            "make it and its directory writable, or set DATABASE_URL to another file."
        ) from error


def _set_up(raw: sqlite3.Connection, begin: str) -> sqlite3.Connection:
    try:
        for pragma in _OF_READERS if begin == READ else _OF_WRITERS:
            raw.execute(f"PRAGMA {pragma}")
    except BaseException:
        raw.close()
        raise
    return raw


def _is_unchanging(path: str) -> bool:
    """To read a file with WAL, SQLite makes two others beside it. Where we cannot and nobody has,
    on a disk that is mounted read-only, it may be read without them."""
    return not os.access(Path(path).parent, os.W_OK) and not Path(f"{path}-wal").exists()


_NO_PLACE_BESIDE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY_DIRECTORY}

_ALWAYS = (
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-8192",
)
_OF_WRITERS = (
    *_ALWAYS,
    "journal_mode=WAL",  # Readers see their moment and never wait for the writer.
    "synchronous=FULL",  # A commit is on the disk before it is acknowledged.
    "secure_delete=ON",  # What people deleted is overwritten in the file, too.
    "journal_size_limit=67108864",
    "wal_autocheckpoint=4000",  # Pages; a checkpoint waits for the disk, in somebody's commit.
)
# These change nothing in the file, also where it is a source that was never ours.
_OF_READERS = (
    *_ALWAYS,
    "query_only=ON",
    "schema_version",  # The first that looks into the file: whether it can be read is known now.
)
