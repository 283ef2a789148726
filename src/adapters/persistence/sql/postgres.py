"""How PostgreSQL is driven: its connections, and how long they may take for what."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # It brings no types.
from sqlalchemy.engine import URL

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


ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)


class BoundedConnection(asyncpg.Connection):  # type: ignore[misc]  # As above.
    """A `Driver` that ends in time, whatever the server does."""

    errors = ERRORS
    made_at = 0.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._soon: list[tuple[str, Arguments]] = []

    @property
    def is_lost(self) -> bool:
        return bool(self.is_closed())

    @property
    def has_begun(self) -> bool:
        return not self.is_closed() and bool(self.is_in_transaction())

    async def begin(self) -> None:
        await self.execute("BEGIN")

    async def rows(self, text: str, arguments: Arguments) -> list[Any]:
        await self._catch_up()
        return list(await self.fetch(text, *arguments))

    async def change(self, text: str, arguments: Arguments) -> int:
        await self._catch_up()
        # PostgreSQL answers with a word and the number: "UPDATE 1", "INSERT 0 1", "ANALYZE".
        said = await self.execute(text, *arguments)
        number = said.rpartition(" ")[2]
        return int(number) if number.isdecimal() else -1

    async def change_by_each(self, text: str, many: Sequence[Arguments]) -> None:
        await self._catch_up()
        await self.executemany(text, many)

    async def change_soon(self, text: str, many: Sequence[Arguments]) -> None:
        self._soon.extend((text, arguments) for arguments in many)

    async def insert_all(
        self, table: str, columns: Sequence[str], rows: Sequence[Arguments]
    ) -> None:
        await self._catch_up()
        # By COPY: the server neither parses nor plans anything for it.
        await self.copy_records_to_table(table, columns=list(columns), records=rows)

    async def commit(self) -> None:
        await self._catch_up()
        await self.execute("COMMIT")

    async def rollback(self) -> None:
        self._soon.clear()
        await self.execute("ROLLBACK")

    async def _catch_up(self) -> None:
        """All that was to be changed soon, in one trip."""
        if self._soon:
            texts, arguments = zip(*self._soon, strict=True)
            self._soon.clear()
            await self.execute(_together(texts), *chain(*arguments))

    async def close(self, *, timeout: float | None = None) -> None:
        if self._cancellations:
            await asyncio.wait(set(self._cancellations), timeout=GOODBYE)
        try:
            await super().close(timeout=min(timeout or GOODBYE, GOODBYE))
        except ERRORS:
            self.terminate()

    def terminate(self) -> None:
        # The request to cancel a statement goes its own way to the server, which would keep the
        # locks without it. It ends by itself; cut off in the middle, asyncpg would drop what it
        # has begun, and report that as an error later.
        self._cancellations.clear()
        super().terminate()


@lru_cache(maxsize=64)
def _together(texts: tuple[str, ...]) -> str:
    """Statements that change something, as one that takes the arguments of all of them."""
    *others, last = _numbered_on(texts)
    if not others:
        return last
    parts = (f"s{number} AS ({text})" for number, text in enumerate(others))
    return f"WITH {', '.join(parts)} {last}"


def _numbered_on(texts: Iterable[str]) -> Iterator[str]:
    """The parameters of each, `$1` and so on, come after those of the ones before."""
    before = 0
    for text in texts:
        parts = _PARAMETER.split(text)  # Every second one is a number.
        numbers = [int(number) for number in parts[1::2]]
        parts[1::2] = [f"${before + number}" for number in numbers]
        yield "".join(parts)
        before += max(numbers, default=0)


_PARAMETER = re.compile(r"\$(\d+)")


def connecting(
    url: URL, kind: dict[str, str], *, timeout: float | None
) -> Callable[[], Awaitable[BoundedConnection]]:
    """What makes connections. They allow `timeout` seconds for each statement and for each lock;
    None lets them take all the time they need. Those of a `kind` (`READ`, `WRITE`, `MIGRATE`) need
    no command to become so."""
    # asyncpg reads the options of the URL as libpq does: sslmode, sslrootcert and so on.
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    limit = str(round(timeout * 1000)) if timeout else "0"

    async def connect() -> BoundedConnection:
        connecting = asyncio.create_task(
            asyncpg.connect(
                dsn,
                timeout=timeout or LONGEST_CONNECTING,
                command_timeout=timeout and timeout + GRACE,
                connection_class=BoundedConnection,
                server_settings={
                    **_ALWAYS,
                    **kind,
                    "lock_timeout": limit,
                    "statement_timeout": limit,
                },
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
