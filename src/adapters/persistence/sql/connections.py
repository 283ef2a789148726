"""The connections to a database: each is lent to one transaction at a time, and kept for the next.

SQLAlchemy's pool does the same behind a layer that makes it asynchronous, and takes more time than
a look at one row does (record 20).
"""

import asyncio
from collections.abc import Awaitable, Callable

from adapters.persistence.sql.driver import Driver
from application.tasks import Tasks
from domain.errors import StoreUnavailable


class Connections:
    """At most `size` at a time, made by `connect` when there is no other. Whoever comes while all
    are lent waits for at most `timeout` seconds; how long it takes to connect is up to `connect`.
    """

    def __init__(
        self, connect: Callable[[], Awaitable[Driver]], *, size: int, timeout: float
    ) -> None:
        self._connect = connect
        self._timeout = timeout
        self._places = asyncio.Semaphore(size)
        self._free: list[Driver] = []
        self._closing = Tasks()
        self.lent = 0

    async def borrow(self, *, made_after: float) -> Driver:
        """One that was made after this time, on the event loop's clock. Raises `StoreUnavailable`
        if none is to be had in time, and what the driver says when it cannot connect."""
        if self._free and not self._places.locked():
            await self._places.acquire()  # At once.
        else:
            await self._wait_for_place()
        self.lent += 1
        try:
            return self._left(made_after) or await self._made()
        except BaseException:
            self._release()
            raise

    async def renew(self, driver: Driver) -> Driver:
        """Another one for who borrowed this, which is lost."""
        self._put_away(driver)
        return await self._made()

    async def give_back(self, driver: Driver, *, is_usable: bool) -> None:
        """The next one gets it, if it is usable; else it is closed first, with what it holds."""
        try:
            if is_usable:
                self._free.append(driver)
            else:
                await driver.close()
        finally:
            self._release()

    async def close(self) -> None:
        """Those that are not lent."""
        while self._free:
            self._put_away(self._free.pop())
        await self._closing.finish()

    async def _wait_for_place(self) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                await self._places.acquire()
        except TimeoutError as error:
            raise StoreUnavailable("all connections are in use") from error

    def _release(self) -> None:
        self.lent -= 1
        self._places.release()

    def _left(self, made_after: float) -> Driver | None:
        """The one that was used last: if there are more than are needed, the others rest."""
        while self._free:
            driver = self._free.pop()
            if not driver.is_lost and driver.made_at > made_after:
                return driver
            self._put_away(driver)
        return None

    async def _made(self) -> Driver:
        driver = await self._connect()
        driver.made_at = asyncio.get_running_loop().time()
        return driver

    def _put_away(self, driver: Driver) -> None:
        """Nobody waits until a server that is gone has said goodbye."""
        self._closing.start(driver.close(), name="close a connection")
