"""Those who ask at the same time are answered by one look."""

import asyncio
from collections.abc import Sequence

import pytest

from application.gathering import AT_ONCE, Gathering
from domain.errors import StoreUnavailable
from tests.unit.faulty_store import Gate


class Store:
    """Doubles numbers. It remembers each look, and waits where it has a gate."""

    def __init__(self) -> None:
        self.looks: list[list[int]] = []
        self.stored = 2
        self.gate: Gate | None = None
        self.too_many = AT_ONCE + 1

    async def look(self, numbers: Sequence[int]) -> list[int]:
        self.looks.append(list(numbers))
        seen = self.stored
        if self.gate:
            await self.gate()
        await asyncio.sleep(0)
        if len(numbers) >= self.too_many:
            raise StoreUnavailable("too many")
        return [seen * number for number in numbers]


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def doubles(store: Store) -> Gathering[int, int]:
    return Gathering(store.look)


async def test_who_comes_alone_is_looked_up_alone(store: Store, doubles: Gathering) -> None:
    assert await doubles.ask(3) == 6
    assert await doubles.ask(3) == 6

    assert store.looks == [[3], [3]]


async def test_a_crowd_is_looked_up_together_and_each_gets_its_answer(
    store: Store, doubles: Gathering
) -> None:
    asked = [*range(AT_ONCE), 7, 7]

    answers = await asyncio.gather(*map(doubles.ask, asked))

    assert answers == [2 * number for number in asked]
    assert store.looks == [asked[:AT_ONCE], asked[AT_ONCE:]]


async def test_who_comes_during_a_look_sees_what_was_stored_meanwhile(
    store: Store, doubles: Gathering
) -> None:
    gate = store.gate = Gate()
    early = asyncio.create_task(doubles.ask(1))
    await gate.reached.wait()

    store.stored = 10
    late = [asyncio.create_task(doubles.ask(number)) for number in (1, 2)]
    gate.open()

    assert await early == 2
    assert await asyncio.gather(*late) == [10, 20]
    assert store.looks == [[1], [1, 2]]


@pytest.mark.parametrize("leaving", [0, 2])
async def test_who_goes_away_leaves_the_look_to_the_others(
    store: Store, doubles: Gathering, leaving: int
) -> None:
    first, second = Gate(), Gate()
    store.gate = first
    early = asyncio.create_task(doubles.ask(1))
    await first.reached.wait()
    crowd = [asyncio.create_task(doubles.ask(number)) for number in range(3)]
    await asyncio.sleep(0)
    store.gate = second
    first.open()
    await early
    await second.reached.wait()

    crowd[leaving].cancel()
    second.open()
    answers = await asyncio.gather(*crowd, return_exceptions=True)

    assert isinstance(answers.pop(leaving), asyncio.CancelledError)
    assert answers == [2 * number for number in range(3) if number != leaving]


async def test_who_goes_away_before_their_turn_is_not_waited_for(
    store: Store, doubles: Gathering
) -> None:
    gate = store.gate = Gate()
    early = asyncio.create_task(doubles.ask(1))
    await gate.reached.wait()
    late = [asyncio.create_task(doubles.ask(number)) for number in (2, 4)]
    await asyncio.sleep(0)

    late[0].cancel()
    gate.open()

    assert await early == 2
    assert await late[1] == 8
    assert await doubles.ask(3) == 6


async def test_what_fails_for_many_is_asked_for_each(store: Store, doubles: Gathering) -> None:
    store.too_many = 2

    assert await asyncio.gather(*map(doubles.ask, range(3))) == [0, 2, 4]
    assert store.looks == [[0, 1, 2], [0], [1], [2]]


async def test_what_fails_for_each_fails(store: Store, doubles: Gathering) -> None:
    store.too_many = 1

    failures = await asyncio.gather(*map(doubles.ask, range(3)), return_exceptions=True)

    assert [type(failure) for failure in failures] == [StoreUnavailable] * 3
    with pytest.raises(StoreUnavailable):
        await doubles.ask(1)
    store.too_many = 2
    assert await doubles.ask(1) == 2
