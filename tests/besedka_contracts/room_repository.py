"""The contract of `RoomRepository`."""

import pytest

from application.ports.store import Store
from besedka_contracts.backend import people, store
from besedka_contracts.cast import (
    a_direct_room,
    a_membership,
    a_room,
    alice,
    an_id,
    at,
    bob,
    mallory,
)
from domain.errors import RoomNameTaken, RoomNotFound
from domain.ids import RoomId
from domain.names import RoomName
from domain.room import Room, Visibility


async def add(store: Store, *rooms: Room) -> None:
    async with store.unit() as unit:
        for room in rooms:
            await unit.rooms.add(room)


async def test_what_was_added_comes_back_equal(store: Store) -> None:
    room = a_room(
        "Беседка",
        visibility=Visibility.PRIVATE,
        topic="Чай ☕️ и 'quotes' \"\\ %_",
        head=2**53 + 1,
        floor=2**53,
        members=3,
        tells_presence=False,
    )

    await add(store, room)

    async with store.view() as view:
        assert await view.rooms.find(room.id) == room
        assert await view.rooms.find_by_name("беседка") == room
        assert await view.rooms.heads([room.id]) == {room.id: 2**53 + 1}


async def test_saving_stores_the_room_as_it_is_now(store: Store) -> None:
    await add(store, a_room())

    async with store.unit() as unit:
        room = await unit.rooms.lock(a_room().id)
        room.topic, room.head, room.floor, room.members = "tea", 9, 4, 2
        room.tells_presence, room.visibility = False, Visibility.PRIVATE
        await unit.rooms.save(room)

    async with store.view() as view:
        assert await view.rooms.find(room.id) == room


async def test_a_folded_name_is_given_once(store: Store) -> None:
    await add(store, a_room("garden"))

    async with store.unit() as unit:
        with pytest.raises(RoomNameTaken) as refused:
            await unit.rooms.add(a_room("GARDEN"))
        await unit.rooms.add(a_room("hall"))

    assert refused.value.code == "room_name_taken"
    async with store.view() as view:
        assert await view.rooms.find_by_name("hall")
        assert await view.rooms.find_by_name("garden") == a_room("garden")


async def test_a_room_cannot_be_renamed_to_the_name_of_another(store: Store) -> None:
    await add(store, a_room("garden"), a_room("hall"))

    async with store.unit() as unit:
        room = await unit.rooms.lock(a_room("hall").id)
        room.rename(RoomName("Garden"))
        with pytest.raises(RoomNameTaken):
            await unit.rooms.save(room)
        room.rename(RoomName("Hall"))
        await unit.rooms.save(room)

    async with store.view() as view:
        assert await view.rooms.find(room.id) == room


async def test_a_renamed_room_gives_its_name_free(store: Store) -> None:
    await add(store, a_room("garden"))
    async with store.unit() as unit:
        room = await unit.rooms.lock(a_room("garden").id)
        room.rename(RoomName("park"))
        await unit.rooms.save(room)

    await add(store, a_room("Garden"))

    async with store.view() as view:
        assert await view.rooms.find_by_name("park") == room
        assert await view.rooms.find_by_name("garden") == a_room("Garden")


async def test_a_name_that_was_given_up_and_taken_in_the_same_unit_is_refused(
    store: Store,
) -> None:
    await add(store, a_room("garden"))

    async with store.unit() as unit:
        room = await unit.rooms.lock(a_room("garden").id)
        room.rename(RoomName("park"))
        await unit.rooms.save(room)
        await unit.rooms.add(a_room("Garden"))
        room.rename(RoomName("garden"))
        with pytest.raises(RoomNameTaken):
            await unit.rooms.save(room)
        await unit.rooms.add(a_room("hall"))

    async with store.view() as view:
        renamed = await view.rooms.find_by_name("park")
        assert renamed
        assert renamed.id == a_room("garden").id
        assert await view.rooms.find_by_name("garden") == a_room("Garden")
        assert await view.rooms.find_by_name("hall")


async def test_an_archived_room_gives_its_name_free_and_is_found_by_id_only(store: Store) -> None:
    await add(store, a_room("garden"))
    async with store.unit() as unit:
        room = await unit.rooms.lock(a_room("garden").id)
        room.archived_at = at(1)
        await unit.rooms.save(room)

    async with store.view() as view:
        assert await view.rooms.find(room.id) == room
        assert await view.rooms.find_by_name("garden") is None
        assert await view.rooms.list_visible(alice().id, query="", after="", limit=9) == []
    await add(store, a_room("Garden"))


async def test_there_is_one_direct_room_for_the_same_people(people: Store) -> None:
    room = a_direct_room(alice(), bob())
    again = a_direct_room(bob(), alice())
    again.id = RoomId(an_id("another room"))
    await add(people, room)

    async with people.unit() as unit:
        with pytest.raises(RoomNameTaken):
            await unit.rooms.add(again)
        await unit.rooms.add(a_direct_room(alice(), mallory()))

    async with people.view() as view:
        assert await view.rooms.find_direct(room.direct_key or "") == room
        assert await view.rooms.find_direct("nobody") is None


async def test_locking_what_is_not_there_is_refused(store: Store) -> None:
    async with store.unit() as unit:
        with pytest.raises(RoomNotFound):
            await unit.rooms.lock(a_room().id)


async def test_many_are_locked_at_once_and_unknown_ones_left_out(store: Store) -> None:
    garden, hall = a_room("garden", head=5), a_room("hall")
    await add(store, garden, hall)

    async with store.unit() as unit:
        ids = [hall.id, a_room("nowhere").id, garden.id, hall.id]
        locked = await unit.rooms.lock_many(ids)
        none = await unit.rooms.lock_many([])
        locked[hall.id].topic = "tea"
        await unit.rooms.save(locked[hall.id])

    assert locked.keys() == {hall.id, garden.id}
    assert locked[garden.id] == garden
    assert none == {}
    async with store.view() as view:
        assert await view.rooms.find(hall.id) == locked[hall.id]


async def test_heads_are_saved_and_nothing_else(store: Store) -> None:
    garden, hall, park = a_room("garden"), a_room("hall", head=7), a_room("park", head=1)
    await add(store, garden, hall, park)

    async with store.unit() as unit:
        locked = await unit.rooms.lock_many([garden.id, hall.id])
        for room in locked.values():
            room.head += 10
            room.topic = "not to be stored"
        await unit.rooms.save_heads(locked.values())
        await unit.rooms.save_heads([])
        with pytest.raises(RuntimeError, match="not locked"):
            await unit.rooms.save_heads([park])

    async with store.view() as view:
        found = [await view.rooms.find(room.id) for room in (garden, hall, park)]
    assert found == [a_room("garden", head=10), a_room("hall", head=17), park]


async def test_a_head_that_was_saved_is_there_for_a_later_save(store: Store) -> None:
    await add(store, a_room())

    async with store.unit() as unit:
        room = (await unit.rooms.lock_many([a_room().id]))[a_room().id]
        room.head = 3
        await unit.rooms.save_heads([room])
        room.topic, room.head = "tea", 4
        await unit.rooms.save(room)
        room.head = 3
        await unit.rooms.save(room)

    async with store.view() as view:
        assert await view.rooms.find(room.id) == a_room(topic="tea", head=3)


async def test_a_room_that_was_not_locked_cannot_be_saved(store: Store) -> None:
    await add(store, a_room())

    async with store.unit() as unit:
        room = await unit.rooms.find(a_room().id)
        assert room
        with pytest.raises(RuntimeError, match="not locked"):
            await unit.rooms.save(room)


async def test_missing_rooms_are_none(store: Store) -> None:
    async with store.view() as view:
        assert await view.rooms.find(a_room().id) is None
        assert await view.rooms.find_by_name("garden") is None


async def test_heads_leave_unknown_and_archived_rooms_out(store: Store) -> None:
    await add(store, a_room("garden", head=5), a_room("hall", head=0))
    await add(store, a_room("ruin", head=3, archived_at=at(1)))

    async with store.view() as view:
        names = ("garden", "nowhere", "hall", "ruin", "garden")
        ids = [a_room(name).id for name in names]
        assert await view.rooms.heads(ids) == {a_room("garden").id: 5, a_room("hall").id: 0}
        assert await view.rooms.heads([]) == {}


async def test_the_directory_shows_public_rooms_and_ones_own_private_rooms(people: Store) -> None:
    public, mine, theirs = a_room("public"), a_room("mine"), a_room("theirs")
    mine.visibility = theirs.visibility = Visibility.PRIVATE
    direct = a_direct_room(alice(), bob())
    await add(people, public, mine, theirs, direct)
    async with people.unit() as unit:
        await unit.memberships.add(a_membership(mine, alice()))
        await unit.memberships.add(a_membership(theirs, bob()))
        await unit.memberships.add(a_membership(direct, alice()))

    async with people.view() as view:
        shown = await view.rooms.list_visible(alice().id, query="", after="", limit=9)

    assert shown == [mine, public]


async def test_the_directory_goes_by_pages_in_the_order_of_code_points(store: Store) -> None:
    names = ["Zoo", "z-1", "z_1", "z1", "ёж", "елка", "Я", "a", "ä", "z.1"]
    await add(store, *(a_room(name) for name in names))

    async with store.view() as view:
        pages, after = [], ""
        while page := await view.rooms.list_visible(alice().id, query="", after=after, limit=3):
            pages += [room.name.folded for room in page if room.name]
            after = pages[-1]

    assert pages == ["a", "z-1", "z.1", "z1", "z_1", "zoo", "ä", "елка", "я", "ёж"]


async def test_the_directory_is_searched_for_a_part_of_the_folded_name(store: Store) -> None:
    await add(store, *(a_room(name) for name in ("Garden", "rose_garden", "rosexgarden", "hall")))

    async def search(query: str, after: str = "") -> list[str]:
        async with store.view() as view:
            found = await view.rooms.list_visible(alice().id, query=query, after=after, limit=9)
        return [room.name.value for room in found if room.name]

    assert await search("garden") == ["Garden", "rose_garden", "rosexgarden"]
    assert await search("garden", after="garden") == ["rose_garden", "rosexgarden"]
    assert await search("e_g") == ["rose_garden"]
    assert await search("%") == []
    assert await search("GARDEN") == []
