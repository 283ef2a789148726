"""What waits for a socket is written once a tick, in order, up to a bound."""

import asyncio
from time import perf_counter

import pytest

from adapters.ws.outbox import Flusher, Outbox
from adapters.ws.watcher import Unwatched


class Transport(asyncio.WriteTransport):
    """Takes everything, and sends on what it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.unsent = 0
        self.closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append(bytes(data))
        self.unsent += len(data)

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def is_closing(self) -> bool:
        return self.closing


@pytest.fixture
def transport() -> Transport:
    return Transport()


@pytest.fixture
def outbox(transport: Transport) -> Outbox:
    return Outbox(transport, Flusher(), limit=10)


async def test_frames_of_one_tick_are_one_write(outbox: Outbox, transport: Transport) -> None:
    outbox.put(b"a")
    outbox.put(b"b")
    assert transport.writes == []
    await asyncio.sleep(0)
    outbox.put(b"c")
    await asyncio.sleep(0)

    assert transport.writes == [b"ab", b"c"]


async def test_a_reader_behind_by_more_than_the_bound_is_slow_once(
    outbox: Outbox, transport: Transport
) -> None:
    slow: list[bool] = []
    outbox.on_slow = lambda: slow.append(True)

    outbox.put(b"x" * 10)
    await asyncio.sleep(0)
    assert slow == []
    for _ in range(3):
        outbox.put(b"x")
        await asyncio.sleep(0)

    assert slow == [True]


async def test_a_closed_outbox_sends_what_waits_and_nothing_after_it(
    outbox: Outbox, transport: Transport
) -> None:
    outbox.put(b"before")
    outbox.close()
    outbox.put(b"after")
    await asyncio.sleep(0)

    assert transport.writes == [b"before"]


async def test_nothing_is_written_to_a_closing_line(outbox: Outbox, transport: Transport) -> None:
    transport.closing = True

    outbox.put(b"too late")
    await asyncio.sleep(0)

    assert transport.writes == []


async def test_what_the_reader_asked_for_makes_it_slow_only_with_the_rest(
    outbox: Outbox, transport: Transport
) -> None:
    slow: list[bool] = []
    outbox.on_slow = lambda: slow.append(True)

    outbox.answer(b"x" * 100)
    await asyncio.sleep(0)
    assert (slow, outbox.is_behind) == ([], True)
    outbox.put(b"x" * 10)
    await asyncio.sleep(0)
    assert slow == []
    outbox.put(b"x")
    await asyncio.sleep(0)

    assert slow == [True]


async def test_a_reader_that_caught_up_has_no_more_in_hand(
    outbox: Outbox, transport: Transport
) -> None:
    slow: list[bool] = []
    outbox.on_slow = lambda: slow.append(True)
    outbox.answer(b"x" * 100)
    await asyncio.sleep(0)

    transport.unsent = 0
    outbox.put(b"x" * 10)
    await asyncio.sleep(0)
    outbox.put(b"x")
    await asyncio.sleep(0)

    assert slow == [True]


class Stopwatch(Unwatched):
    def __init__(self) -> None:
        self.seconds: list[float] = []

    def fanned_out(self, seconds: float) -> None:
        self.seconds.append(seconds)


async def test_a_tick_is_timed_once_from_what_was_told_first(transport: Transport) -> None:
    stopwatch = Stopwatch()
    flusher = Flusher(stopwatch)
    outbox = Outbox(transport, flusher, limit=10)
    now = perf_counter()

    outbox.put(b"a")
    flusher.told(now - 1)
    flusher.told(now - 3)
    flusher.told(now - 2)
    assert stopwatch.seconds == []
    await asyncio.sleep(0)

    assert len(stopwatch.seconds) == 1
    assert 3 <= stopwatch.seconds[0] < 4


async def test_answers_and_what_reaches_nobody_are_not_timed(transport: Transport) -> None:
    stopwatch = Stopwatch()
    flusher = Flusher(stopwatch)
    outbox = Outbox(transport, flusher, limit=10)

    flusher.told(perf_counter())
    outbox.answer(b"a")
    await asyncio.sleep(0)

    assert stopwatch.seconds == []
