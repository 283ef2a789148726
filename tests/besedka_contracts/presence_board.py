"""The contract of `PresenceBoard`."""

from application.ports.presence_board import PresenceBoard
from besedka_contracts.cast import a_room, alice, bob, mallory
from domain.ids import ConnectionId

ALICE, BOB, GARDEN, HALL = alice().id, bob().id, a_room().id, a_room("hall").id
ONE, TWO = ConnectionId("one"), ConnectionId("two")


async def test_the_first_connection_brings_a_person_online_and_the_last_one_takes_them_off(
    board: PresenceBoard,
) -> None:
    assert await board.connect(ALICE, ONE)
    assert not await board.connect(ALICE, TWO)
    assert await board.connect(BOB, ConnectionId("bob's"))

    assert not await board.disconnect(ALICE, ONE)
    assert await board.online([ALICE, BOB, mallory().id]) == {ALICE, BOB}
    assert await board.disconnect(ALICE, TWO)
    assert await board.online([ALICE, BOB]) == {BOB}


async def test_a_repeated_connection_counts_once(board: PresenceBoard) -> None:
    await board.connect(ALICE, ONE)
    await board.enter(GARDEN, ALICE, ONE)

    assert await board.connect(ALICE, ONE)

    assert await board.is_present(GARDEN, ALICE)
    assert await board.disconnect(ALICE, ONE)
    assert await board.online([ALICE]) == frozenset()


async def test_an_unknown_connection_is_gone_already(board: PresenceBoard) -> None:
    await board.connect(ALICE, ONE)

    assert not await board.disconnect(ALICE, TWO)
    assert await board.disconnect(BOB, TWO)
    await board.enter(GARDEN, ALICE, TWO)
    await board.exit(GARDEN, BOB, TWO)

    assert not await board.is_present(GARDEN, ALICE)
    assert await board.rooms_of(ALICE, TWO) == frozenset()
    assert await board.online([ALICE, BOB]) == {ALICE}


async def test_a_person_is_present_while_any_connection_has_the_room_open(
    board: PresenceBoard,
) -> None:
    for connection_id in (ONE, TWO):
        await board.connect(ALICE, connection_id)
        await board.enter(GARDEN, ALICE, connection_id)
        await board.enter(GARDEN, ALICE, connection_id)

    await board.exit(GARDEN, ALICE, ONE)
    assert await board.is_present(GARDEN, ALICE)
    await board.exit(GARDEN, ALICE, TWO)
    await board.exit(GARDEN, ALICE, TWO)
    assert not await board.is_present(GARDEN, ALICE)


async def test_disconnecting_closes_the_rooms_of_that_connection_only(
    board: PresenceBoard,
) -> None:
    for connection_id in (ONE, TWO):
        await board.connect(ALICE, connection_id)
    await board.enter(GARDEN, ALICE, ONE)
    await board.enter(HALL, ALICE, ONE)
    await board.enter(HALL, ALICE, TWO)
    assert await board.rooms_of(ALICE, ONE) == {GARDEN, HALL}

    await board.disconnect(ALICE, ONE)

    assert await board.rooms_of(ALICE, ONE) == frozenset()
    assert not await board.is_present(GARDEN, ALICE)
    assert await board.is_present(HALL, ALICE)
    assert not await board.is_present(HALL, BOB)
