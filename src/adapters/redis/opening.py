"""What must be true of a Redis before it is used, and what to do if it is not."""

from collections.abc import Awaitable, Callable
from typing import Any

from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    InvalidResponse,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)
from redis.exceptions import TimeoutError as RedisTimeout

from adapters.configuration.masking import masked
from application.ports.store import StoreUnusable

OLDEST = (6, 2)  # The first that removes what it reads, and knows SMISMEMBER.
PROBE_MS = 1000

Execute = Callable[..., Awaitable[Any]]  # Any: each command has its own answer.


async def check(execute: Execute, url: str, prefix: str) -> None:
    """Raises `StoreUnusable` with a line that names REDIS_URL and says what to do."""
    try:
        problem = _unsuitable(await execute("INFO", "everything"))
        if problem is None:
            await probe(execute, prefix)
    except (RedisError, OSError, ValueError, TypeError) as error:
        problem = what_is_wrong(error)
    if problem:
        raise StoreUnusable(f"REDIS_URL ({masked(url)}) {problem}")


async def probe(execute: Execute, prefix: str) -> None:
    """Raises what Redis answers unless it can be written to now. A PING is answered by one that
    is full or only a replica, too."""
    await execute("SET", f"{prefix}probe", "", "PX", PROBE_MS)


def what_is_wrong(error: Exception) -> str:
    for kind, words in _WORDS.items():
        if isinstance(error, kind):
            return words
    if "NOAUTH" in str(error):
        return "wants a password. Write it in the URL: redis://:password@host"
    if isinstance(error, InvalidResponse) or "Protocol Error" in str(error):
        return _NOT_REDIS
    if isinstance(error, ResponseError):
        return f"cannot be used: {_said(error)}."
    if isinstance(error, ValueError | TypeError):
        # Without what it says of the URL: that may be a piece of the password.
        return "is not understood by the driver. Correct its port, its options and its password."
    return f"cannot be reached: {_said(error)}. Start it, or correct the URL."


def _unsuitable(said: dict[str, object]) -> str | None:
    version = str(said.get("redis_version", ""))
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if not version:
        return _NOT_REDIS
    if numbers < OLDEST:
        return f"is version {version}, which is too old. Upgrade it to 6.2 or a later one."
    if said.get("cluster_enabled"):
        return "is a cluster, whose parts do not know each other's keys. Name a single Redis."
    return None


def _said(error: Exception) -> str:
    """The first line, without the full stop that our sentence has itself."""
    lines = str(error).splitlines() or [type(error).__name__]
    return masked(lines[0]).rstrip(". ")


_NOT_REDIS = "is not a Redis: something else answers there. Correct the host and the port."
_WORDS: dict[type[Exception], str] = {
    AuthenticationError: "refuses the user or the password. Correct them in the URL.",
    AuthorizationError: "does not let this user in. Give the user all commands on its keys.",
    NoPermissionError: "does not let this user do what is needed. Give the user all commands.",
    ReadOnlyError: "is a read-only replica. Name the primary.",
    OutOfMemoryError: "is full. Raise its maxmemory, or let it evict: maxmemory-policy.",
    BusyLoadingError: "is still loading what it had kept. Start again when it is done.",
    RedisTimeout: "cannot be reached: it does not answer in time. Start it, or correct the URL.",
}
