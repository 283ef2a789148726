"""Farewells that are called off when somebody comes back soon."""

import logging

import pytest

from adapters.system.manual_clock import ManualClock
from application.grace import Grace
from application.tasks import Tasks
from domain.errors import RoomNotFound


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def grace(clock: ManualClock) -> Grace:
    return Grace(clock, 5)


def saying(word: str, said: list[str]):  # An action of its own for each test.
    async def say() -> None:
        said.append(word)

    return say


async def test_an_action_runs_after_the_grace(clock: ManualClock, grace: Grace) -> None:
    said: list[str] = []

    grace.give("bob", saying("gone", said))
    await clock.advance(4.9)
    assert said == []
    await clock.advance(0.1)

    assert said == ["gone"]
    assert not grace.call_off("bob")


async def test_an_action_that_is_called_off_does_not_run(clock: ManualClock, grace: Grace) -> None:
    said: list[str] = []

    grace.give("bob", saying("gone", said))
    assert grace.call_off("bob")
    await clock.advance(10)

    assert said == []
    assert not grace.call_off("bob")


async def test_given_again_it_starts_anew(clock: ManualClock, grace: Grace) -> None:
    said: list[str] = []

    grace.give("bob", saying("first", said))
    await clock.advance(4)
    grace.give("bob", saying("second", said))
    await clock.advance(4)
    assert said == []
    await clock.advance(1)

    assert said == ["second"]


async def test_names_wait_apart(clock: ManualClock, grace: Grace) -> None:
    said: list[str] = []

    grace.give("alice", saying("alice", said))
    grace.give("bob", saying("bob", said))
    grace.call_off("alice")
    await clock.advance(5)

    assert said == ["bob"]


async def test_what_waits_at_the_end_is_called_off(clock: ManualClock, grace: Grace) -> None:
    said: list[str] = []
    grace.give("bob", saying("gone", said))

    await grace.close()
    await clock.advance(10)

    assert said == []


async def test_a_refused_action_is_silent(
    clock: ManualClock, grace: Grace, caplog: pytest.LogCaptureFixture
) -> None:
    async def refused() -> None:
        raise RoomNotFound

    grace.give("bob", refused)
    await clock.advance(5)

    assert caplog.records == []


async def test_a_task_that_fails_is_logged_once_and_forgotten(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tasks = Tasks()

    async def fail() -> None:
        raise ValueError("a mistake")

    tasks.start(fail(), name="broken")
    await tasks.finish()

    assert len(tasks) == 0
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "the task broken failed")


async def test_finishing_waits_for_what_is_started_meanwhile() -> None:
    tasks, done = Tasks(), []

    async def second() -> None:
        done.append("second")

    async def first() -> None:
        tasks.start(second(), name="second")
        done.append("first")

    tasks.start(first(), name="first")
    await tasks.finish()

    assert done == ["first", "second"]


async def test_cancelling_ends_what_would_never_end(clock: ManualClock) -> None:
    tasks = Tasks()
    tasks.start(clock.sleep(10**6), name="endless")

    await tasks.cancel()

    assert len(tasks) == 0
