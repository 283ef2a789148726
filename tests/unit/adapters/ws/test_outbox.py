"""What waits for a socket is written at once, in order, up to a bound."""

import asyncio
from time import perf_counter

import pytest

from adapters.ws import outbox as outbox_module
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


async def test_what_was_told_is_timed_until_the_last_has_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox_module, "AT_ONCE", 2)
    stopwatch = Stopwatch()
    flusher = Flusher(stopwatch)
    readers = [Outbox(Transport(), flusher, limit=10) for _ in range(3)]
    now = perf_counter()

    for reader in readers:
        reader.put(b"a")
    flusher.told(now - 3)
    await asyncio.sleep(0)
    assert stopwatch.seconds == []
    readers[0].put(b"b")
    flusher.told(now - 1)
    await asyncio.sleep(0)

    first, second = stopwatch.seconds
    assert 3 <= first < 4
    assert 1 <= second < 2


async def test_others_have_turns_while_a_full_room_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What comes meanwhile is written together with what still waited."""
    monkeypatch.setattr(outbox_module, "AT_ONCE", 2)
    flusher = Flusher()
    transports = [Transport() for _ in range(5)]
    readers = [Outbox(transport, flusher, limit=10) for transport in transports]

    for text in (b"a", b"b"):
        for reader in readers:
            reader.put(text)
        await asyncio.sleep(0)
    assert [transport.writes for transport in transports] == [[b"a"], [b"a"], [b"ab"], [b"ab"], []]
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert [b"".join(transport.writes) for transport in transports] == [b"ab"] * 5
    assert transports[4].writes == [b"ab"]


async def test_who_asked_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "AT_ONCE", 1)
    flusher = Flusher()
    transports = [Transport() for _ in range(3)]
    readers = [Outbox(transport, flusher, limit=10) for transport in transports]

    for reader in readers:
        reader.put(b"a")
    readers[2].answer(b"!")
    await asyncio.sleep(0)

    assert [transport.writes for transport in transports] == [[b"a"], [], [b"a!"]]


async def test_answers_and_what_reaches_nobody_are_not_timed(transport: Transport) -> None:
    stopwatch = Stopwatch()
    flusher = Flusher(stopwatch)
    outbox = Outbox(transport, flusher, limit=10)

    flusher.told(perf_counter())
    outbox.answer(b"a")
    await asyncio.sleep(0)

    assert stopwatch.seconds == []
