import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import TypeVar

T = TypeVar("T")


@asynccontextmanager
async def ahead(batches: AsyncGenerator[T, None]) -> AsyncIterator[AsyncIterator[T]]:
    """The same batches, each read while whoever asks is busy with the one before: the two ends of
    a copy work at the same time."""
    async with aclosing(batches):
        reading = asyncio.create_task(_next(batches))

        async def each() -> AsyncIterator[T]:
            nonlocal reading
            while (batch := await reading) is not None:
                reading = asyncio.create_task(_next(batches))
                yield batch

        try:
            yield each()
        finally:
            reading.cancel()
            await asyncio.wait([reading])
            if not reading.cancelled():
                reading.exception()  # Whoever waited for it has been told.


async def _next(batches: AsyncGenerator[T, None]) -> T | None:
    return await anext(batches, None)
