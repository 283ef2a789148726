"""The contract of `StarRepository`, and what the log does to stars."""

import pytest

from application.ports.store import Store
from besedka_contracts.backend import people, store
from besedka_contracts.cast import a_post, a_room, alice, an_entry, at, bob, mallory, numbered
from domain.message import Kind
from domain.room import Room
from domain.star import Star
from domain.user import User


def a_star(user: User, seq: int, seconds: float = 0, *, room: Room | None = None) -> Star:
    return Star(user.id, (room or a_room()).id, seq, at(seconds))


@pytest.fixture
async def garden(people: Store) -> Store:
    """Four posts by bob in the garden, as many in the shed."""
    async with people.unit() as unit:
        for room in (a_room(), a_room("shed")):
            await unit.rooms.add(room)
            posts = [a_post(bob(), f"post {number}") for number in range(4)]
            await unit.log.append(numbered(room, *posts))
            await unit.rooms.save(room)
    return people


async def add(store: Store, *stars: Star) -> None:
    async with store.unit() as unit:
        for star in stars:
            await unit.stars.add(star)


async def stars_of(store: Store, user: User) -> list[Star]:
    async with store.view() as view:
        return await view.stars.list_of(user.id, limit=99)


async def test_what_was_added_comes_back_equal_and_to_nobody_else(garden: Store) -> None:
    await add(garden, a_star(alice(), 2, 0.001), a_star(bob(), 2), a_star(bob(), 3))

    assert await stars_of(garden, alice()) == [a_star(alice(), 2, 0.001)]
    assert len(await stars_of(garden, bob())) == 2
    assert await stars_of(garden, mallory()) == []


async def test_the_first_time_counts(garden: Store) -> None:
    await add(garden, a_star(alice(), 2, 1))
    await add(garden, a_star(alice(), 2, 9), a_star(alice(), 2, 0))

    assert await stars_of(garden, alice()) == [a_star(alice(), 2, 1)]


async def test_removing_takes_one_star_and_is_silent_where_there_is_none(garden: Store) -> None:
    await add(garden, a_star(alice(), 1), a_star(alice(), 2, 1), a_star(bob(), 2))

    async with garden.unit() as unit:
        await unit.stars.remove(alice().id, a_room().id, 2)
        await unit.stars.remove(alice().id, a_room().id, 2)
        await unit.stars.remove(mallory().id, a_room("shed").id, 2**70)

    assert await stars_of(garden, alice()) == [a_star(alice(), 1)]
    assert await stars_of(garden, bob()) == [a_star(bob(), 2)]


async def test_what_was_removed_can_be_starred_again(garden: Store) -> None:
    await add(garden, a_star(alice(), 1))
    async with garden.unit() as unit:
        await unit.stars.remove(alice().id, a_room().id, 1)
        await unit.stars.add(a_star(alice(), 1, 5))

    assert await stars_of(garden, alice()) == [a_star(alice(), 1, 5)]


async def test_the_latest_come_first_and_go_on_after_any_of_them(garden: Store) -> None:
    first, second = sorted((a_room(), a_room("shed")), key=lambda room: room.id)
    ordered = [
        a_star(alice(), 1, 3, room=first),
        a_star(alice(), 3, 2, room=second),
        a_star(alice(), 1, 2, room=second),
        a_star(alice(), 4, 2, room=first),
        a_star(alice(), 2, 2, room=first),
        a_star(alice(), 4, 1, room=second),
    ]
    await add(garden, *sorted(ordered, key=lambda star: (star.seq, star.room_id)))

    assert await stars_of(garden, alice()) == ordered
    async with garden.view() as view:
        for number, before in enumerate(ordered):
            found = await view.stars.list_of(alice().id, before=before, limit=2)
            assert found == ordered[number + 1 : number + 3]
        gone = a_star(alice(), 3, 2, room=first)
        assert await view.stars.list_of(alice().id, before=gone, limit=9) == ordered[4:]
        assert (
            await view.stars.list_of(alice().id, before=a_star(bob(), 1, 99), limit=1)
            == (ordered[:1])
        )


async def test_of_many_messages_it_is_known_which_are_starred(garden: Store) -> None:
    here, there = a_room().id, a_room("shed").id
    await add(garden, a_star(alice(), 1), a_star(alice(), 3, room=a_room("shed")))
    await add(garden, a_star(bob(), 2))

    places = [(here, 1), (here, 2), (here, 3), (there, 1), (there, 3), (there, 3), (there, 99)]
    async with garden.view() as view:
        assert await view.stars.starred(alice().id, places) == {(here, 1), (there, 3)}
        assert await view.stars.starred(mallory().id, places) == frozenset()
        assert await view.stars.starred(alice().id, []) == frozenset()


async def test_deleting_a_message_forgets_its_stars(garden: Store) -> None:
    await add(garden, a_star(alice(), 1), a_star(alice(), 2, 1), a_star(bob(), 2))
    await add(garden, a_star(alice(), 2, 2, room=a_room("shed")))

    async with garden.unit() as unit:
        await unit.rooms.lock(a_room().id)
        await unit.log.scrub(a_room().id, 2)

    kept = [a_star(alice(), 2, 2, room=a_room("shed")), a_star(alice(), 1)]
    assert await stars_of(garden, alice()) == kept
    assert await stars_of(garden, bob()) == []


async def test_clearing_a_room_forgets_the_stars_in_it(garden: Store) -> None:
    await add(garden, *(a_star(alice(), seq, seq) for seq in range(1, 5)))
    await add(garden, a_star(alice(), 2, 9, room=a_room("shed")), a_star(bob(), 3))

    async with garden.unit() as unit:
        room = await unit.rooms.lock(a_room().id)
        await unit.log.clear(a_room().id, 3)
        await unit.log.append(numbered(room, an_entry(Kind.CLEARED, alice(), upto=3)))
        await unit.rooms.save(room)

    kept = [a_star(alice(), 2, 9, room=a_room("shed")), a_star(alice(), 4, 4)]
    assert await stars_of(garden, alice()) == kept
    assert await stars_of(garden, bob()) == []


async def test_an_edited_message_keeps_its_stars(garden: Store) -> None:
    await add(garden, a_star(alice(), 2))

    async with garden.unit() as unit:
        await unit.rooms.lock(a_room().id)
        await unit.log.edit(a_room().id, 2, text="new", mentions=(), edited_at=at(9))

    assert await stars_of(garden, alice()) == [a_star(alice(), 2)]


async def test_a_unit_that_fails_leaves_the_stars_as_they_were(garden: Store) -> None:
    await add(garden, a_star(alice(), 1), a_star(bob(), 1))

    async def fail() -> None:
        async with garden.unit() as unit:
            await unit.rooms.lock(a_room().id)
            await unit.stars.add(a_star(alice(), 2))
            await unit.stars.remove(bob().id, a_room().id, 1)
            await unit.log.scrub(a_room().id, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await stars_of(garden, alice()) == [a_star(alice(), 1)]
    assert await stars_of(garden, bob()) == [a_star(bob(), 1)]


async def test_a_view_stars_nothing(garden: Store) -> None:
    async with garden.view() as view:
        with pytest.raises(RuntimeError):
            await view.stars.add(a_star(alice(), 1))
        with pytest.raises(RuntimeError):
            await view.stars.remove(alice().id, a_room().id, 1)


async def test_messages_are_found_at_many_places_at_once(garden: Store) -> None:
    here, there = a_room().id, a_room("shed").id
    places = [(here, 1), (here, 1), (there, 4), (there, 99), (here, 2**70)]

    async with garden.view() as view:
        found = await view.log.find_many(places)
        one, other = await view.log.find(here, 1), await view.log.find(there, 4)
        assert await view.log.find_many([]) == {}

    assert found == {(here, 1): one, (there, 4): other}
