"""The contract of `Store`: what a unit and a view promise."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

import pytest

from application.ports.message_log import KeyTaken
from application.ports.store import Store, Unit
from besedka_contracts.backend import people, store
from besedka_contracts.cast import a_membership, a_post, a_room, a_user, alice, at, bob, numbered
from domain.errors import StoreUnavailable, UserNotFound
from domain.ids import RoomId, UserId
from domain.message import Message
from domain.names import RoomName
from domain.room import Room
from domain.user import User

Write = Callable[[Unit], Awaitable[object]]


async def test_leaving_a_unit_commits_all_of_it(store: Store) -> None:
    async with store.unit() as unit:
        await unit.users.add(alice(), "hash")
        await unit.rooms.add(a_room())
        await unit.memberships.add(a_membership(a_room(), alice()))

    async with store.view() as view:
        assert await view.memberships.find(a_room().id, alice().id)


async def test_a_unit_sees_its_own_writes(store: Store) -> None:
    async with store.unit() as unit:
        await unit.users.add(alice(), "hash")
        await unit.rooms.add(a_room())
        messages = numbered(a_room(), a_post(alice()))
        await unit.log.append(messages)

        assert await unit.users.get(alice().id) == alice()
        assert await unit.log.replay(a_room().id, 0, limit=9) == messages


async def _everything(unit: Unit, upto: int) -> None:
    """One write of each kind, as far as `upto`."""
    room = await unit.rooms.lock(a_room().id)
    writes: list[Callable[[], Awaitable[object]]] = [
        lambda: unit.users.add(a_user("carol"), "hash"),
        lambda: unit.users.save(a_user("bob", display_name="Changed")),
        lambda: unit.users.set_password_hash(alice().id, "changed"),
        lambda: unit.users.claim_site(alice().id),
        lambda: unit.rooms.add(a_room("hall")),
        lambda: unit.rooms.save(room),
        lambda: unit.memberships.add(a_membership(room, bob())),
        lambda: unit.memberships.save(a_membership(room, alice(), present=True)),
        lambda: unit.memberships.move_read(room.id, alice().id, 2),
        lambda: unit.memberships.remove(room.id, alice().id),
        lambda: unit.log.append(numbered(room, a_post(alice(), key="new"))),
        lambda: unit.log.edit(room.id, 1, text="new", mentions=(bob().id,), edited_at=at(9)),
        lambda: unit.log.scrub(room.id, 2),
        lambda: unit.log.clear(room.id, 2),
    ]
    room.rename(RoomName("park"))
    for write in writes[:upto]:
        await write()


async def _all_of(store: Store) -> list[object]:
    async with store.view() as view:
        return [
            await view.users.search("", limit=9),
            await view.users.find_password_hash(alice().id),
            await view.users.is_site_claimed(),
            await view.rooms.list_visible(bob().id, query="", after="", limit=9),
            await view.rooms.find_by_name("park"),
            await view.memberships.list_members(a_room().id),
            await view.memberships.list_rooms(alice().id),
            await view.log.replay(a_room().id, 0, limit=9),
            await view.log.find_by_keys((alice().id, key) for key in ("old", "new")),
            await view.log.count_unread({bob().id: {a_room().id: 0}}),
        ]


@pytest.mark.parametrize("point", range(15))
async def test_an_exception_at_any_point_leaves_nothing_of_the_unit(
    people: Store, point: int
) -> None:
    async with people.unit() as unit:
        room = a_room()
        await unit.rooms.add(room)
        await unit.memberships.add(a_membership(room, alice()))
        await unit.log.append(numbered(room, a_post(alice(), key="old"), a_post(alice())))
        await unit.rooms.save(room)
    before = await _all_of(people)

    async def fail() -> None:
        async with people.unit() as unit:
            await _everything(unit, point)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    assert await _all_of(people) == before
    async with people.unit() as unit:
        await _everything(unit, 15)


async def test_a_cancelled_unit_leaves_nothing_and_blocks_nobody(store: Store) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with store.unit() as unit:
            await unit.users.add(alice(), "hash")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    async with store.unit() as unit:
        assert await unit.users.find_by_name("alice") is None
        await unit.users.add(alice(), "hash")


async def test_units_cancelled_at_any_moment_are_whole_or_not_there(people: Store) -> None:
    async with people.unit() as unit:
        await unit.rooms.add(a_room())

    tasks = []
    for moment in range(60):
        tasks.append(asyncio.create_task(_post(people, alice().id, f"key-{moment}")))
        for _ in range(moment % 12):
            await asyncio.sleep(0)
        tasks[-1].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)

    async with people.view() as view:
        room = await view.rooms.find(a_room().id)
        log = await view.log.replay(a_room().id, 0, limit=99)
    assert room
    assert [message.seq for message in log] == list(range(1, room.head + 1))
    stored = {message.key for message in log}
    assert {result.key for result in results if isinstance(result, Message)} <= stored


async def test_what_is_not_committed_is_never_seen(store: Store) -> None:
    async def look() -> bool:
        async with store.view() as view:
            return await view.users.find_by_name("alice") is not None

    async def fail() -> None:
        async with store.unit() as unit:
            await unit.users.add(alice(), "hash")
            looks.append(asyncio.create_task(look()))
            await asyncio.wait(looks, timeout=0.2)  # A store may let views wait for the unit.
            raise LookupError

    looks: list[asyncio.Task[bool]] = []
    with pytest.raises(LookupError):
        await fail()

    assert await asyncio.gather(*looks) == [False]


async def test_a_view_stays_at_its_moment_while_others_commit(people: Store) -> None:
    async def rename() -> None:
        async with people.unit() as unit:
            await unit.users.save(a_user("alice", display_name="Queen"))
            await unit.users.add(a_user("carol"), "hash")

    async with people.view() as view:
        before = await view.users.search("", limit=9)
        task = asyncio.create_task(rename())
        await asyncio.wait([task], timeout=0.2)  # A store may let the unit wait for the view.

        assert await view.users.search("", limit=9) == before
        assert await view.users.get(alice().id) == alice()

    await task
    async with people.view() as view:
        assert len(await view.users.search("", limit=9)) == len(before) + 1


async def test_views_do_not_see_half_of_a_unit(people: Store) -> None:
    async def swap(round_: int) -> None:
        async with people.unit() as unit:
            for user in (alice(), bob()):
                user.display_name = f"round {round_}"
                await unit.users.save(user)

    async def try_to_swap(round_: int) -> None:
        # So many who want the same two: on a busy machine, one of them may wait for too long.
        with contextlib.suppress(StoreUnavailable):
            await swap(round_)

    async def look() -> set[str]:
        async with people.view() as view:
            names = [(await view.users.get(user.id)).display_name for user in (alice(), bob())]
        return set(names)

    await swap(0)
    async with asyncio.TaskGroup() as tasks:
        for n in range(20):
            tasks.create_task(try_to_swap(n))
        looks = [tasks.create_task(look()) for _ in range(40)]

    assert {len(look.result()) for look in looks} == {1}


WRITES: dict[str, Write] = {
    "users.add": lambda unit: unit.users.add(a_user("carol"), "hash"),
    "users.save": lambda unit: unit.users.save(alice()),
    "users.set_password_hash": lambda unit: unit.users.set_password_hash(alice().id, "new"),
    "users.disable": lambda unit: unit.users.disable(alice().id, at(1)),
    "users.enable": lambda unit: unit.users.enable(alice().id),
    "users.pass_site": lambda unit: unit.users.pass_site(alice().id),
    "users.claim_site": lambda unit: unit.users.claim_site(alice().id),
    "rooms.add": lambda unit: unit.rooms.add(a_room("hall")),
    "rooms.save": lambda unit: unit.rooms.save(a_room()),
    "rooms.lock": lambda unit: unit.rooms.lock(a_room().id),
    "rooms.lock_many": lambda unit: unit.rooms.lock_many([a_room().id]),
    "rooms.save_heads": lambda unit: unit.rooms.save_heads([a_room()]),
    "memberships.add": lambda unit: unit.memberships.add(a_membership(a_room(), alice())),
    "memberships.save": lambda unit: unit.memberships.save(a_membership(a_room(), alice())),
    "memberships.move_read": lambda unit: unit.memberships.move_read(a_room().id, alice().id, 1),
    "memberships.remove": lambda unit: unit.memberships.remove(a_room().id, alice().id),
    "log.append": lambda unit: unit.log.append(numbered(a_room(), a_post(alice()))),
    "log.edit": lambda unit: unit.log.edit(
        a_room().id, 1, text="new", mentions=(), edited_at=at(1)
    ),
    "log.scrub": lambda unit: unit.log.scrub(a_room().id, 1),
    "log.clear": lambda unit: unit.log.clear(a_room().id, 1),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_writing_in_a_view_is_a_mistake_that_raises(people: Store, write: Write) -> None:
    async with people.unit() as unit:
        await unit.rooms.add(a_room())

    async with people.view() as view:
        with pytest.raises(RuntimeError, match="view"):
            await write(view)


async def test_a_unit_that_has_ended_takes_no_more_writes(store: Store) -> None:
    async with store.unit() as unit:
        await unit.users.add(alice(), "hash")

    with pytest.raises(RuntimeError, match="ended"):
        await unit.users.add(bob(), "hash")


async def test_refusals_leave_the_unit_usable(people: Store) -> None:
    async with people.unit() as unit:
        with pytest.raises(UserNotFound):
            await unit.users.get(UserId("00000000-0000-7000-8000-000000000000"))
        await unit.rooms.add(a_room())

    async with people.view() as view:
        assert await view.rooms.find(a_room().id)


async def _post(store: Store, author: UserId, key: str) -> Message:
    """As the room's writer does it: the seq is given under the lock, a repeated key is found."""
    async with store.unit() as unit:
        room = await unit.rooms.lock(a_room().id)
        found = await unit.log.find_by_keys([(author, key)])
        if found:
            return found[author, key]
        user = await unit.users.get(author)
        message = room.receive(a_post(user, key, key=key), at=at(0))
        await unit.log.append([message])
        await unit.rooms.save(room)
        return message


async def _post_all(store: Store, author: User, keys: Sequence[str]) -> list[Message]:
    """As the room's writer does it with what waits: what is there already is found."""
    async with store.unit() as unit:
        room = await unit.rooms.lock(a_room().id)
        found = await unit.log.find_by_keys([(author.id, key) for key in keys])
        new = [
            room.receive(a_post(author, key, key=key), at=at(0))
            for key in keys
            if (author.id, key) not in found
        ]
        await unit.log.append(new)
        await unit.rooms.save(room)
        return [*found.values(), *new]


async def test_concurrent_posts_are_numbered_without_gap_or_repetition(people: Store) -> None:
    async with people.unit() as unit:
        await unit.rooms.add(a_room())

    async def post_two_hundred(task: int) -> list[Message]:
        # Every fifth key was used by this author already, perhaps by another task at this time.
        keys = [f"{task % 2} shared {n}" if n % 5 == 0 else f"{task} {n}" for n in range(200)]
        author = (alice(), bob())[task % 2]
        batches = [keys[start : start + 8] for start in range(0, 200, 8)]
        return [each for batch in batches for each in await _post_all(people, author, batch)]

    posted = await asyncio.gather(*(post_two_hundred(task) for task in range(8)))

    async with people.view() as view:
        log = await view.log.replay(a_room().id, 0, limit=2000)
        room = await view.rooms.find(a_room().id)
    assert room
    assert [message.seq for message in log] == list(range(1, 8 * 160 + 2 * 40 + 1))
    assert room.head == len(log)
    answers = {(message.author, message.key, message.seq) for own in posted for message in own}
    assert answers == {(message.author, message.key, message.seq) for message in log}


async def test_batches_with_the_same_keys_in_opposite_order_do_not_block_each_other(
    people: Store,
) -> None:
    rooms = [a_room("garden"), a_room("hall"), a_room("park")]
    async with people.unit() as unit:
        for room in rooms:
            await unit.rooms.add(room)
    rounds = [[f"{round_} {n}" for n in range(9)] for round_ in range(15)]

    async def post_all(room: Room, step: int) -> None:
        for keys in rounds:
            await _post_batch(people, room.id, keys[::step])

    await asyncio.gather(*map(post_all, rooms, (1, -1, 1)))

    async with people.view() as view:
        logs = [await view.log.replay(room.id, 0, limit=999) for room in rooms]
    stored = [message.key for log in logs for message in log]
    assert sorted(stored, key=str) == sorted(key for keys in rounds for key in keys)


async def test_whoever_locks_several_rooms_waits_in_no_circle(people: Store) -> None:
    rooms = [a_room(name) for name in ("garden", "hall", "park", "yard")]
    async with people.unit() as unit:
        for room in rooms:
            await unit.rooms.add(room)
    ids = [room.id for room in rooms]

    async def advance(room_ids: list[RoomId]) -> None:
        for _ in range(15):
            async with people.unit() as unit:
                locked = await unit.rooms.lock_many(room_ids)
                await asyncio.sleep(0)  # Others come now, too.
                for room in locked.values():
                    room.head += 1
                await unit.rooms.save_heads(locked.values())

    async with asyncio.timeout(30):
        await asyncio.gather(*map(advance, (ids, ids[::-1], ids[1:3], ids[3:0:-1])))

    async with people.view() as view:
        assert await view.rooms.heads(ids) == dict(zip(ids, (30, 60, 60, 45), strict=True))


async def _post_batch(store: Store, room_id: RoomId, keys: list[str]) -> None:
    """Again, if somebody was faster with one of the keys."""
    with contextlib.suppress(KeyTaken):
        async with store.unit() as unit:
            room = await unit.rooms.lock(room_id)
            found = await unit.log.find_by_keys((alice().id, key) for key in keys)
            await asyncio.sleep(0)  # Others look now, too.
            new = [key for key in keys if (alice().id, key) not in found]
            await unit.log.append(numbered(room, *(a_post(alice(), key=key) for key in new)))
            await unit.rooms.save(room)
            return
    await _post_batch(store, room_id, keys)


async def test_the_site_has_one_owner_however_many_ask_at_once(people: Store) -> None:
    async def claim(user_id: UserId) -> bool:
        async with people.unit() as unit:
            return await unit.users.claim_site(user_id)

    claims = await asyncio.gather(*(claim(user.id) for user in [alice(), bob()] * 5))

    assert sum(claims) == 1


async def test_the_epoch_is_the_one_the_store_was_made_with(store: Store) -> None:
    assert store.epoch == "first life"

    await store.open("second life")

    assert store.epoch == "first life"


async def test_an_open_store_answers(store: Store) -> None:
    await store.check()
