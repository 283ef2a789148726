"""Cancellation without leaving work behind."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """The work's result. Whoever is cancelled meanwhile is so when the work is done: Motor's
    thread cannot be stopped in the middle, and two must not use one session at the same time."""
    task = asyncio.create_task(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        task.exception()  # Nobody is left to be told of it.
        raise asyncio.CancelledError
    return task.result()
