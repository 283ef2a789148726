"""A copy that is killed, as if by kill -9, in the midst of a write: SOURCE TARGET WRITE STEPS.

`STEPS` is how many turns of the event loop the write gets before it dies.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from application.ports.transfer import Filling, Movable, Place, Record, Records
from tests.integration.moving.places import moving, quiet


class DyingFilling(Filling):
    def __init__(self, filling: Filling, write: int, steps: int) -> None:
        self._filling = filling
        self._left = write
        self._steps = steps

    @property
    def place(self) -> Place | None:
        return self._filling.place

    async def write(self, records: Sequence[Record]) -> None:
        self._left -= 1
        if self._left == 0:
            asyncio.get_running_loop().create_task(self._die())
        await self._filling.write(records)

    def records(self, after: Place | None = None) -> Records:
        return self._filling.records(after)

    async def finish(self, epoch: str) -> None:
        await self._filling.finish(epoch)

    async def _die(self) -> None:
        for _ in range(self._steps):
            await asyncio.sleep(0)
        os.kill(os.getpid(), signal.SIGKILL)


class DyingMovable:
    def __init__(self, movable: Movable, write: int, steps: int) -> None:
        self._movable = movable
        self._dying = write, steps
        self.name = movable.name

    @asynccontextmanager
    async def fill(self, source_epoch: str) -> AsyncIterator[Filling]:
        async with self._movable.fill(source_epoch) as filling:
            yield DyingFilling(filling, *self._dying)


async def main(source: str, target: str, write: str, steps: str) -> None:
    tools = moving()
    dying = DyingMovable(tools.movable(target), int(write), int(steps))
    await tools.copy_store(tools.movable(source), dying, quiet)  # type: ignore[arg-type]  # it only fills


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
