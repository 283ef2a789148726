import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import argon2

from application.ports.password_hasher import PasswordHasher

# OWASP Password Storage cheat sheet: argon2id with 19 MiB, two passes, one lane.
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1

_T = TypeVar("_T")


class Argon2Hasher(PasswordHasher):
    """argon2id in threads, which release the interpreter; at most `at_once` hashes at a time, so
    that a crowd at the door takes neither the memory nor the event loop."""

    def __init__(self, at_once: int = 2) -> None:
        self._argon2 = argon2.PasswordHasher(PASSES, MEMORY_KIB, LANES)
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="argon2")
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        return await self._off_loop(partial(self._argon2.hash, password))

    async def verify(self, password: str, against: str | None) -> bool:
        if against is not None:
            return await self._off_loop(partial(self._matches, password, against))
        if self._nobody is None:
            self._nobody = await self.hash("nobody's password")
        await self._off_loop(partial(self._matches, password, self._nobody))
        return False

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _matches(self, password: str, against: str) -> bool:
        try:
            return self._argon2.verify(against, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False

    async def _off_loop(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)
