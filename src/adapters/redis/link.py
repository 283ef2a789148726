"""One node's link to Redis. Redis is a help and never the truth: whoever asks it knows what to do
without it, and is told at once when it is away instead of waiting each time.
"""

import asyncio
import hashlib
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection, ConnectionPool, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError, RedisError

from adapters.configuration.masking import masked
from adapters.redis.opening import Execute, check, probe, what_is_wrong
from application.ports.store import StoreMisaddressed
from application.tasks import Tasks

# Seconds between two looks whether Redis is back: the first, and what it doubles up to; and how
# long it has to stay before the next loss counts as another one.
FIRST_PAUSE, LONGEST_PAUSE, CALM = 0.05, 1.0, 10.0

# So many ask at the same time, each over a connection of their own; the others wait.
AT_ONCE = 16

# What may fail when one talks to Redis; `OSError` has the time-outs of sockets.
FAILURES = (RedisError, OSError)

Value = str | bytes | int | float
Command = tuple[Value, ...]
T = TypeVar("T")

_log = logging.getLogger(__name__)


class RedisAway(Exception):
    """Redis does not answer now, or not as it should: do without."""


@dataclass(frozen=True, slots=True)
class Script:
    """A piece of Lua that Redis runs as one step, without anybody between."""

    text: str
    sha: str = field(init=False)

    def __post_init__(self) -> None:
        sha = hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest()
        object.__setattr__(self, "sha", sha)


class RedisLink:
    """`prefix` begins every key and channel, so that others may use the same Redis. `timeout` in
    seconds, for a connection and for an answer. `failures` counts what went wrong, `outages` how
    often Redis was lost.

    From the first failure on Redis is away, for everybody, until it can be written to again: a
    Redis that hangs costs one time-out and not one for each request.
    """

    def __init__(
        self, url: str, *, prefix: str, timeout: float, verify_certificate: bool = True
    ) -> None:
        self.prefix = prefix
        self.timeout = timeout
        self.failures = 0
        self.outages = 0
        self._url = url
        self._pool = _pool(url, timeout, verify_certificate=verify_certificate)
        self._client = Redis(connection_pool=self._pool)
        self._execute: Execute = self._client.execute_command
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._present = asyncio.Event()
        self._present.set()
        self._lost = asyncio.Event()
        self._returns: list[Callable[[], Awaitable[None]]] = []
        self._tasks = Tasks()

    async def open(self) -> None:
        """Raises `StoreUnusable`."""
        await check(self._execute, self._url, self.prefix)
        self._tasks.start(self._watch(), name="redis watch")

    async def close(self) -> None:
        await self._tasks.cancel()
        await self._client.aclose()
        await self._pool.disconnect()

    @property
    def is_away(self) -> bool:
        return not self._present.is_set()

    def notes(self) -> dict[str, str]:
        """What an operator should know, though requests are served."""
        return {"redis": "unavailable"} if self.is_away else {}

    async def back(self) -> None:
        """Return when Redis is there."""
        await self._present.wait()

    def on_return(self, call: Callable[[], Awaitable[None]]) -> None:
        """Call this each time Redis was away and is back, with whatever it still knows."""
        self._returns.append(call)

    def key(self, *parts: str) -> str:
        return self.prefix + ":".join(parts)

    def connection(self) -> AbstractConnection:
        """One more connection, for who listens on it: not connected yet, the caller's to close."""
        make: Callable[[], AbstractConnection] = self._pool.make_connection
        return make()

    async def ask(self, *command: Value) -> Any:  # Any: each command has its own answer.
        """Raises `RedisAway`."""
        return await self._guarded(lambda: self._execute(*command))

    async def ask_all(self, commands: Sequence[Command], *, as_one: bool = False) -> list[Any]:
        """All answers, for one round trip; `as_one`: without anybody between them. Raises
        `RedisAway`."""

        async def work() -> list[Any]:
            async with self._client.pipeline(transaction=as_one) as pipeline:
                for command in commands:
                    pipeline.execute_command(*command)
                return list(await pipeline.execute())

        return await self._guarded(work)

    async def run(
        self, script: Script, keys: Sequence[str], *arguments: Value
    ) -> Any:  # Any: as the script returns it.
        """Raises `RedisAway`."""
        given = (len(keys), *keys, *arguments)

        async def work() -> Any:
            try:
                return await self._execute("EVALSHA", script.sha, *given)
            except NoScriptError:  # It was restarted, or nobody ever ran this one.
                return await self._execute("EVAL", script.text, *given)

        return await self._guarded(work)

    def lose(self, error: BaseException) -> None:
        """Somebody has found that it does not work."""
        self.failures += 1
        if self.is_away:
            return
        self.outages += 1
        self._present.clear()
        self._lost.set()
        why = what_is_wrong(error) if isinstance(error, Exception) else "is away"
        _log.warning("Redis (%s) %s This node goes on without it.", masked(self._url), why)

    async def _guarded(self, work: Callable[[], Awaitable[T]]) -> T:
        async with self._turns:
            if self.is_away:
                raise RedisAway
            try:
                return await work()
            except FAILURES as error:
                self.lose(error)
                raise RedisAway from error

    async def _watch(self) -> None:
        """Look for Redis whenever it is lost. Never gives up."""
        loop = asyncio.get_running_loop()
        pause, returned = FIRST_PAUSE, loop.time()
        while True:
            await self._lost.wait()
            if loop.time() - returned > CALM:
                pause = FIRST_PAUSE
            while True:
                # Not all nodes at once, or they knock down what has just got up.
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))
                pause = min(2 * pause, LONGEST_PAUSE)
                if await self._answers():
                    break
            returned = loop.time()
            self._lost.clear()
            self._present.set()
            _log.warning("Redis is back.")
            for call in self._returns:
                await self._told(call)

    async def _answers(self) -> bool:
        try:
            await probe(self._execute, self.prefix)
        except FAILURES:
            self.failures += 1
            return False
        return True

    async def _told(self, call: Callable[[], Awaitable[None]]) -> None:
        try:
            await call()
        except RedisAway:
            return  # Lost again, and looked for again.
        except Exception:  # noqa: BLE001  # The watch must go on, or Redis is lost for ever.
            _log.exception("what follows a return of Redis failed")


def _pool(url: str, timeout: float, *, verify_certificate: bool) -> ConnectionPool:
    # Any: each option of a connection has its own type.
    ours: dict[str, Any] = {
        # Whatever the URL says: what is read here is read as version 2 of the protocol has it.
        "protocol": 2,
        "decode_responses": False,
        "socket_timeout": timeout,
        "socket_connect_timeout": timeout,
        # Once more, where a connection was lost while nobody used it.
        "retry": Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
    }
    if url.startswith("rediss:") and not verify_certificate:
        ours |= {"ssl_cert_reqs": "none", "ssl_check_hostname": False}
    try:
        return ConnectionPool(**{**parse_url(url), **ours})
    except (ValueError, TypeError) as error:
        raise StoreMisaddressed(f"REDIS_URL ({masked(url)}) {what_is_wrong(error)}") from error
