"""The connections that the SQL store lends, with drivers that only say what became of them."""

import asyncio
from collections.abc import Callable
from typing import cast

import pytest

from adapters.persistence.sql.connections import Connections
from adapters.persistence.sql.driver import Driver
from domain.errors import StoreUnavailable

ANY_TIME = 0.0


class Door:
    """Makes drivers, and counts."""

    def __init__(self) -> None:
        self.made: list[Connection] = []
        self.fails = False

    async def connect(self) -> Driver:
        await asyncio.sleep(0)
        if self.fails:
            raise ConnectionRefusedError
        self.made.append(Connection())
        return cast("Driver", self.made[-1])

    @property
    def open(self) -> list["Connection"]:
        return [each for each in self.made if not each.is_closed]


class Connection:
    def __init__(self) -> None:
        self.made_at = 0.0
        self.is_lost = False
        self.is_closed = False

    async def close(self) -> None:
        await asyncio.sleep(0)
        self.is_closed = True


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def lending(door: Door) -> Callable[[int], Connections]:
    return lambda size: Connections(door.connect, size=size, timeout=0.02)


async def test_the_one_that_was_used_last_is_used_again(
    door: Door, lending: Callable[[int], Connections]
) -> None:
    connections = lending(3)
    one, two = [await connections.borrow(made_after=ANY_TIME) for _ in range(2)]
    await connections.give_back(one, is_usable=True)
    await connections.give_back(two, is_usable=True)

    assert await connections.borrow(made_after=ANY_TIME) is two
    assert (len(door.made), connections.lent) == (2, 1)


async def test_whoever_finds_all_lent_waits_for_a_while(
    lending: Callable[[int], Connections],
) -> None:
    connections = lending(1)
    only = await connections.borrow(made_after=ANY_TIME)
    with pytest.raises(StoreUnavailable) as unavailable:
        await connections.borrow(made_after=ANY_TIME)
    assert unavailable.value.detail == "all connections are in use"

    waiting = asyncio.create_task(connections.borrow(made_after=ANY_TIME))
    await asyncio.sleep(0)
    await connections.give_back(only, is_usable=True)

    assert await waiting is only


async def test_whoever_waits_and_goes_away_takes_nothing(
    lending: Callable[[int], Connections],
) -> None:
    connections = lending(1)
    only = await connections.borrow(made_after=ANY_TIME)
    waiting = asyncio.create_task(connections.borrow(made_after=ANY_TIME))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    await connections.give_back(only, is_usable=True)

    assert await connections.borrow(made_after=ANY_TIME) is only


@pytest.mark.parametrize("how", ["fails", "is cancelled"])
async def test_connecting_in_vain_takes_nothing(
    door: Door, lending: Callable[[int], Connections], how: str
) -> None:
    connections = lending(1)
    door.fails = how == "fails"
    connecting = asyncio.create_task(connections.borrow(made_after=ANY_TIME))
    if how == "is cancelled":
        await asyncio.sleep(0)
        connecting.cancel()
    await asyncio.wait([connecting])
    door.fails = False

    assert connections.lent == 0
    assert await connections.borrow(made_after=ANY_TIME)


async def test_what_cannot_be_used_again_is_closed_before_the_next_is_made(
    door: Door, lending: Callable[[int], Connections]
) -> None:
    """SQLite has one that writes, which keeps its lock until it is closed."""
    connections = lending(1)
    spoiled = await connections.borrow(made_after=ANY_TIME)
    next_one = asyncio.create_task(connections.borrow(made_after=ANY_TIME))
    await asyncio.sleep(0)

    await connections.give_back(spoiled, is_usable=False)

    assert door.made[0].is_closed
    assert await next_one is not spoiled


async def test_the_lost_and_the_doubtful_are_not_lent_again(
    door: Door, lending: Callable[[int], Connections]
) -> None:
    connections = lending(3)
    for driver in [await connections.borrow(made_after=ANY_TIME) for _ in range(3)]:
        await connections.give_back(driver, is_usable=True)
    lost, old, new = door.made
    lost.is_lost, new.made_at = True, old.made_at + 1

    borrowed = [await connections.borrow(made_after=old.made_at) for _ in range(3)]
    await connections.close()

    assert new in borrowed
    assert [lost.is_closed, old.is_closed, new.is_closed] == [True, True, False]
    assert len(door.open) == 3


async def test_one_that_is_lost_is_renewed_in_its_place(
    door: Door, lending: Callable[[int], Connections]
) -> None:
    connections = lending(1)
    lost = await connections.borrow(made_after=ANY_TIME)

    renewed = await connections.renew(lost)
    await connections.give_back(renewed, is_usable=True)

    assert await connections.borrow(made_after=ANY_TIME) is renewed
    await connections.close()
    assert door.open == [renewed]


async def test_closing_closes_all_that_are_free(
    door: Door, lending: Callable[[int], Connections]
) -> None:
    connections = lending(2)
    free, lent = [await connections.borrow(made_after=ANY_TIME) for _ in range(2)]
    await connections.give_back(free, is_usable=True)

    await connections.close()
    assert door.open == [lent]

    await connections.give_back(lent, is_usable=False)
    assert door.open == []
