import asyncio
import contextlib

import pytest

from application.tasks import Tasks


async def test_a_task_that_swallows_a_cancellation_is_cancelled_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("application.tasks.CANCELLED_AGAIN", 0.01)
    tasks, asked = Tasks(), []

    async def stubborn() -> None:
        for number in range(2):
            asked.append(number)
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(60)
        await asyncio.sleep(60)

    task = tasks.start(stubborn(), name="stubborn")
    await asyncio.sleep(0)

    async with asyncio.timeout(5):
        await tasks.cancel()

    assert task.cancelled()
    assert asked == [0, 1]
