"""The contract of `MembershipRepository`."""

import pytest

from application.ports.membership_repository import Member
from application.ports.store import Store
from besedka_contracts.backend import people, store
from besedka_contracts.cast import a_membership, a_room, a_user, alice, at, bob, mallory
from domain.errors import AlreadyAMember
from domain.permissions import Role
from domain.room import Room
from domain.user import User


@pytest.fixture
async def garden(people: Store) -> Store:
    """Alice owns the garden, bob is a member, mallory is neither."""
    async with people.unit() as unit:
        await unit.rooms.add(a_room())
        await unit.memberships.add(a_membership(a_room(), bob()))
        await unit.memberships.add(a_membership(a_room(), alice(), role=Role.OWNER))
    return people


async def test_what_was_added_comes_back_equal(garden: Store) -> None:
    membership = a_membership(
        a_room(), mallory(), role=Role.MODERATOR, read=2**53 + 1, present=True, joined_at=at(0.001)
    )

    async with garden.unit() as unit:
        await unit.memberships.add(membership)

    async with garden.view() as view:
        assert await view.memberships.find(a_room().id, mallory().id) == membership


async def test_nobody_is_a_member_twice(garden: Store) -> None:
    async with garden.unit() as unit:
        with pytest.raises(AlreadyAMember, match="bob"):
            await unit.memberships.add(a_membership(a_room(), bob(), role=Role.OWNER))
        await unit.memberships.add(a_membership(a_room(), mallory()))

    async with garden.view() as view:
        assert await view.memberships.find(a_room().id, bob().id) == a_membership(a_room(), bob())
        assert await view.memberships.find(a_room().id, mallory().id)


async def test_a_membership_needs_a_person_and_a_room(garden: Store) -> None:
    async def join(room: Room, user: User) -> None:
        async with garden.unit() as unit:
            await unit.memberships.add(a_membership(room, user))

    with pytest.raises(RuntimeError):
        await join(a_room(), a_user("nobody"))
    with pytest.raises(RuntimeError):
        await join(a_room("nowhere"), mallory())


async def test_saving_stores_role_and_presence_but_not_the_read_position(garden: Store) -> None:
    async with garden.unit() as unit:
        await unit.rooms.lock(a_room().id)
        await unit.memberships.save(
            a_membership(a_room(), bob(), role=Role.MODERATOR, present=True, read=7)
        )

    async with garden.view() as view:
        stored = await view.memberships.find(a_room().id, bob().id)
    assert stored == a_membership(a_room(), bob(), role=Role.MODERATOR, present=True, read=0)


async def test_saving_needs_the_lock_of_the_room(garden: Store) -> None:
    async with garden.unit() as unit:
        with pytest.raises(RuntimeError, match="not locked"):
            await unit.memberships.save(a_membership(a_room(), bob()))


async def test_saving_a_membership_that_is_gone_is_silent(garden: Store) -> None:
    async with garden.unit() as unit:
        await unit.rooms.lock(a_room().id)
        await unit.memberships.save(a_membership(a_room(), mallory(), role=Role.OWNER))

    async with garden.view() as view:
        assert await view.memberships.find(a_room().id, mallory().id) is None


async def test_the_read_position_only_moves_forward(garden: Store) -> None:
    positions = []

    for seq in (5, 3, 5, 2**60):
        async with garden.unit() as unit:
            await unit.memberships.move_read(a_room().id, bob().id, seq)
        async with garden.view() as view:
            stored = await view.memberships.find(a_room().id, bob().id)
            positions.append(stored and stored.read)

    assert positions == [5, 5, 5, 2**60]


async def test_moving_the_read_position_touches_nothing_else(garden: Store) -> None:
    async with garden.unit() as unit:
        await unit.memberships.move_read(a_room().id, alice().id, 4)
        await unit.memberships.move_read(a_room().id, mallory().id, 4)

    async with garden.view() as view:
        stored = await view.memberships.find(a_room().id, alice().id)
        assert await view.memberships.find(a_room().id, mallory().id) is None
    assert stored == a_membership(a_room(), alice(), role=Role.OWNER, read=4)


async def test_removal_is_complete_and_silent_when_repeated(garden: Store) -> None:
    async with garden.unit() as unit:
        await unit.memberships.remove(a_room().id, bob().id)
        await unit.memberships.remove(a_room().id, bob().id)
        await unit.memberships.remove(a_room("nowhere").id, bob().id)

    async with garden.view() as view:
        assert await view.memberships.find(a_room().id, bob().id) is None
        assert await view.memberships.list_rooms(bob().id) == []
        members = await view.memberships.list_members(a_room().id)
    assert [member.user for member in members] == [alice()]


async def test_many_are_found_at_once_and_strangers_left_out(garden: Store) -> None:
    async with garden.view() as view:
        people = [bob().id, mallory().id, bob().id, alice().id]
        places = [(a_room().id, user_id) for user_id in people]
        elsewhere = [(a_room("nowhere").id, bob().id)]
        found = await view.memberships.find_many([*places, *elsewhere])
        none = await view.memberships.find_many([])

    assert found == {
        (a_room().id, alice().id): a_membership(a_room(), alice(), role=Role.OWNER),
        (a_room().id, bob().id): a_membership(a_room(), bob()),
    }
    assert none == {}


async def test_members_are_listed_by_folded_name_in_the_order_of_code_points(store: Store) -> None:
    names = ["Zed", "ann", "Åke", "Яна", "b_1", "b-1", "b1", "Bob"]
    async with store.unit() as unit:
        await unit.rooms.add(a_room())
        for name in names:
            await unit.users.add(a_user(name), "hash")
            await unit.memberships.add(a_membership(a_room(), a_user(name)))

    async with store.view() as view:
        members = await view.memberships.list_members(a_room().id)

    listed = [member.user.username.value for member in members]
    assert listed == ["ann", "b-1", "b1", "b_1", "Bob", "Zed", "Åke", "Яна"]
    assert members[0] == Member(a_user("ann"), a_membership(a_room(), a_user("ann")))


async def test_rooms_are_listed_in_the_order_of_joining_without_archived_ones(
    people: Store,
) -> None:
    joined = {"late": 3, "early": 1, "tied": 2, "also-tied": 2, "closed": 0}
    async with people.unit() as unit:
        for name, seconds in joined.items():
            archived_at = at(9) if name == "closed" else None
            room = a_room(name, archived_at=archived_at)
            await unit.rooms.add(room)
            await unit.memberships.add(a_membership(room, alice(), joined_at=at(seconds)))
        await unit.rooms.add(a_room("foreign"))

    async with people.view() as view:
        listed = await view.memberships.list_rooms(alice().id)

    tied = sorted([a_room("tied").id, a_room("also-tied").id])
    assert [room.id for room, _ in listed] == [a_room("early").id, *tied, a_room("late").id]
    assert listed[0] == (
        a_room("early"),
        a_membership(a_room("early"), alice(), joined_at=at(1)),
    )


async def test_the_rooms_of_several_people_are_listed_at_once(people: Store) -> None:
    async with people.unit() as unit:
        for name, members in {"both": [alice(), bob()], "mine": [alice()], "ours": [bob()]}.items():
            await unit.rooms.add(a_room(name))
            for joined_at, member in enumerate(members):
                membership = a_membership(a_room(name), member, joined_at=at(joined_at))
                await unit.memberships.add(membership)

    async with people.view() as view:
        listed = await view.memberships.list_rooms_of([alice().id, bob().id, mallory().id])
        each = [await view.memberships.list_rooms(user.id) for user in (alice(), bob(), mallory())]
        nobody = await view.memberships.list_rooms_of([])

    assert [*listed.values()] == each
    assert {room.id for room, _ in listed[bob().id]} == {a_room("both").id, a_room("ours").id}
    assert all(mine.user_id == bob().id for _, mine in listed[bob().id])
    assert listed[mallory().id] == []
    assert nobody == {}


async def test_names_are_resolved_to_members_only(garden: Store) -> None:
    async with garden.view() as view:
        found = await view.memberships.find_by_names(
            a_room().id, ["bob", "mallory", "nobody", "bob", "ALICE"]
        )
        none = await view.memberships.find_by_names(a_room().id, [])

    assert found == {"bob": bob().id}
    assert none == {}


async def test_all_who_are_marked_as_present_are_listed(garden: Store) -> None:
    present = a_membership(a_room(), bob(), present=True)
    async with garden.unit() as unit:
        await unit.rooms.lock(a_room().id)
        await unit.memberships.save(present)

    async with garden.view() as view:
        assert await view.memberships.list_present() == [present]
