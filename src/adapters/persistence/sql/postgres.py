"""How PostgreSQL is driven: its connections, and how long they may take for what."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # It brings no types.
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from adapters.persistence.sql.driver import Arguments

# Seconds. The server is the first to end what takes too long, because it can say what that was;
# a server that hangs says nothing. And nobody waits long for one that does not say goodbye.
GRACE = 0.5
GOODBYE = 0.25
LONGEST_CONNECTING = 60.0  # Where nothing else is said.

_ALWAYS = {
    "application_name": "besedka",
    "jit": "off",  # Our statements are small; compiling them would take longer than they do.
    # A node that lost its power keeps its locks no longer than this.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
# Acknowledged means durable, whatever the role or the URL says.
_DURABLE = {"synchronous_commit": "on"}
WRITE = {
    **_DURABLE,
    # Whoever waited for a lock sees what the others did, whatever the role's default is.
    "default_transaction_isolation": "read committed",
    "idle_in_transaction_session_timeout": "30s",
    # A unit looks up a few things, each by its index. Plans are kept; one that was made while a
    # table was empty would go on reading all of it until PostgreSQL has counted it again.
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_seqscan": "off",
}
READ = {
    "default_transaction_isolation": "repeatable read",
    "default_transaction_read_only": "on",
    # What is rare and what is common takes different ways. A plan that is kept, for whatever may
    # be asked, takes the same way for both.
    "plan_cache_mode": "force_custom_plan",
}
MIGRATE = {**_DURABLE, "default_transaction_isolation": "read committed"}


class BoundedConnection(asyncpg.Connection):  # type: ignore[misc]  # As above.
    """A `Driver` that ends in time, whatever the server does."""

    errors = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)

    @property
    def is_lost(self) -> bool:
        return bool(self.is_closed())

    @property
    def has_begun(self) -> bool:
        return not self.is_closed() and bool(self.is_in_transaction())

    async def begin(self) -> None:
        await self.execute("BEGIN")

    async def rows(self, text: str, arguments: Arguments) -> list[Any]:
        return list(await self.fetch(text, *arguments))

    async def change(self, text: str, arguments: Arguments) -> int:
        # PostgreSQL answers with a word and the number: "UPDATE 1", "INSERT 0 1", "ANALYZE".
        said = await self.execute(text, *arguments)
        number = said.rpartition(" ")[2]
        return int(number) if number.isdecimal() else -1

    async def change_by_each(self, text: str, many: Sequence[Arguments]) -> None:
        await self.executemany(text, many)

    change_soon = change_by_each

    async def commit(self) -> None:
        await self.execute("COMMIT")

    async def rollback(self) -> None:
        await self.execute("ROLLBACK")

    async def close(self, *, timeout: float | None = None) -> None:
        if self._cancellations:
            await asyncio.wait(set(self._cancellations), timeout=GOODBYE)
        try:
            await super().close(timeout=min(timeout or GOODBYE, GOODBYE))
        except (OSError, asyncpg.PostgresError):
            self.terminate()

    def terminate(self) -> None:
        # The request to cancel a statement goes its own way to the server, which would keep the
        # locks without it. It ends by itself; cut off in the middle, asyncpg would drop what it
        # has begun, and report that as an error later.
        self._cancellations.clear()
        super().terminate()

    async def insert_all(
        self, table: str, columns: Sequence[str], rows: Sequence[Arguments]
    ) -> None:
        # By COPY: the server neither parses nor plans anything for it.
        await self.copy_records_to_table(table, columns=list(columns), records=rows)


class PlainConnection(BoundedConnection):
    """No JSON comes from the database to the repositories, only to migrations. So the codecs for
    it, which SQLAlchemy sets on each new connection by several trips to the server, are none."""

    async def set_type_codec(self, *_: Any, **__: Any) -> None: ...


def postgres_engine(
    url: URL, kind: dict[str, str], *, pool_size: int, timeout: float | None
) -> AsyncEngine:
    """`timeout` seconds for each statement and for each lock; None lets them take all the time
    they need. Connections of a `kind` (`READ`, `WRITE`, `MIGRATE`) need no command to become so."""
    return create_async_engine(
        url.set(query={}),
        async_creator=_connecting(url, {**_ALWAYS, **kind}, timeout),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=timeout or 0,
        pool_use_lifo=True,
    )


def _connecting(
    url: URL, settings: dict[str, str], timeout: float | None
) -> Callable[[], Awaitable[BoundedConnection]]:
    # asyncpg reads the options of the URL as libpq does: sslmode, sslrootcert and so on.
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    limit = str(round(timeout * 1000)) if timeout else "0"

    async def connect() -> BoundedConnection:
        connecting = asyncio.create_task(
            asyncpg.connect(
                dsn,
                timeout=timeout or LONGEST_CONNECTING,
                command_timeout=timeout and timeout + GRACE,
                connection_class=PlainConnection if timeout else BoundedConnection,
                server_settings={**settings, "lock_timeout": limit, "statement_timeout": limit},
            )
        )
        try:
            return await asyncio.shield(connecting)
        except asyncio.CancelledError:
            # As above. Whoever is in a hurry leaves it to itself; it ends in time.
            connecting.add_done_callback(_terminate)
            await asyncio.wait({connecting}, timeout=GOODBYE)
            connecting.cancel()
            raise

    return connect


def _terminate(connected: "asyncio.Task[BoundedConnection]") -> None:
    if not connected.cancelled() and connected.exception() is None:
        connected.result().terminate()
