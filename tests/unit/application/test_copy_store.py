"""Everything is carried from one store into another, whatever interrupts it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from adapters.persistence.memory.movable import MemoryMovable
from adapters.persistence.memory.session_store import MemorySessionStore
from adapters.persistence.memory.store import MemoryStore
from adapters.system.counting_ids import CountingIds
from application.moving.portions import portions
from application.ports.store import StoreUnusable
from application.ports.transfer import Movable, Place, Record, Records, Section, Snapshot
from application.use_cases.compare_stores import CompareStores
from application.use_cases.copy_store import CopyStore, Stage
from domain.message import Kind, Message
from domain.permissions import Role
from domain.room import Visibility
from domain.star import Star
from domain.user import SiteRole
from tests.cast import (
    a_direct_room,
    a_membership,
    a_post,
    a_room,
    a_session,
    a_token,
    a_user,
    alice,
    an_entry,
    at,
    bob,
    numbered,
)


@dataclass
class Watch:
    """What a watcher saw of the progress."""

    stages: list[tuple[Stage, int]] = field(default_factory=list)
    advanced: list[int] = field(default_factory=list)

    def __call__(self, stage: Stage, total: int) -> "Watch":
        self.stages.append((stage, total))
        self.advanced.append(0)
        return self

    def advance(self, count: int = 1) -> None:
        self.advanced[-1] += count


def watching(watch: Watch):
    def begin(stage: Stage, total: int):
        watch(stage, total)
        return watch.advance

    return begin


@pytest.fixture
async def source() -> MemoryMovable:
    """A site with some of everything: its owner, a private room, an archived one and a direct
    one, an edited, a deleted and a cleared message, and a starred one."""
    store, sessions = MemoryStore(), MemorySessionStore()
    await store.open("first life")
    garden, shed = a_room(topic="Roses"), a_room("shed", archived_at=at(5))
    direct = a_direct_room(alice(), bob())
    async with store.unit() as unit:
        await unit.users.add(alice(), "hash of alice")
        await unit.users.add(a_user("bob", disabled_at=at(1), email="b@o.b"), "hash of bob")
        await unit.users.claim_site(alice().id)
        for room in (garden, shed, direct):
            await unit.rooms.add(room)
        owner = a_membership(garden, alice(), role=Role.OWNER, read=4, present=True)
        for membership in (owner, a_membership(garden, bob()), a_membership(direct, bob())):
            await unit.memberships.add(membership)
        entries = [
            an_entry(Kind.JOINED, alice()),
            an_entry(Kind.INVITED, alice(), subject=bob().person),
            a_post(alice(), "gone", key="k1"),
            a_post(bob(), "hello @alice 👩‍👩‍👧", key="k2", mentions=(alice().id,), reply_to=3),
            a_post(bob(), "secret", key="k3"),
            an_entry(Kind.DELETED, bob(), target=5),
            an_entry(Kind.CLEARED, alice(), upto=3),
        ]
        await unit.log.append(numbered(garden, *entries))
        await unit.log.scrub(garden.id, 5)
        await unit.log.edit(garden.id, 4, text="hi", mentions=(), edited_at=at(20))
        await unit.log.clear(garden.id, 3)
        await unit.rooms.save(garden)
        await unit.log.append(numbered(direct, a_post(bob(), "psst")))
        await unit.rooms.save(direct)
        await unit.stars.add(Star(alice().id, garden.id, 4, at(21)))
    await sessions.add(a_session(alice()))
    await sessions.add(a_token(bob()))
    return MemoryMovable(store, sessions, batch=2)


def an_empty_one() -> MemoryMovable:
    return MemoryMovable(MemoryStore(), MemorySessionStore(), batch=3)


@pytest.fixture
def copy_store() -> CopyStore:
    return CopyStore(CountingIds())


async def everything(movable: Movable) -> list[Record]:
    async with movable.read() as snapshot:
        return [record async for batch in snapshot.records() for record in batch]


async def test_a_copy_holds_everything_and_lives_its_own_life(
    source: MemoryMovable, copy_store: CopyStore
) -> None:
    target, watch = an_empty_one(), Watch()

    copied = await copy_store(source, target, watching(watch))

    assert copied.finished
    assert copied.is_equal
    assert copied.written_meanwhile == []
    assert [(each.what, each.count) for each in copied.comparisons] == [
        ("accounts", 2),
        ("rooms", 3),
        ("memberships", 3),
        ("sessions", 2),
        ("stars", 1),
        ("(direct)", 1),
        ("garden", 4),
        ("shed", 0),
    ]
    assert watch.stages == [(Stage.COPYING, 16), (Stage.VERIFYING, 16)]
    assert watch.advanced == [16, 16]
    async with target.read() as copy, source.read() as original:
        assert copy.epoch != original.epoch
    assert await everything(target) == await everything(source)


async def test_the_owner_still_owns_the_site(source: MemoryMovable, copy_store: CopyStore) -> None:
    store = MemoryStore()

    await copy_store(source, MemoryMovable(store, MemorySessionStore()), watching(Watch()))

    async with store.view() as view:
        assert await view.users.is_site_claimed()
        assert (await view.users.get(alice().id)).site_role is SiteRole.OWNER


class Falling(MemoryMovable):
    """Falls over at the given write."""

    fall_at = 0
    writes = 0

    async def write(self, records: Sequence[Record]) -> None:
        self.writes += 1
        if self.writes == self.fall_at:
            raise ConnectionError
        await super().write(records)


@pytest.mark.parametrize("fall_at", range(1, 8))
async def test_an_interrupted_copy_goes_on_where_it_was(
    source: MemoryMovable, copy_store: CopyStore, fall_at: int
) -> None:
    target = Falling(MemoryStore(), MemorySessionStore())
    target.fall_at = fall_at
    with pytest.raises(ConnectionError):
        await copy_store(source, target, watching(Watch()))
    with pytest.raises(StoreUnusable):
        await everything(target)

    copied = await copy_store(source, target, watching(Watch()))

    assert copied.finished
    assert target.writes <= 9
    assert (await CompareStores()(source, target, watching(Watch())))[-1].is_equal


async def test_a_target_that_is_not_empty_is_refused(
    source: MemoryMovable, copy_store: CopyStore
) -> None:
    before = await everything(source)

    with pytest.raises(StoreUnusable, match="not empty"):
        await copy_store(source, source, watching(Watch()))

    assert await everything(source) == before


async def test_the_unfinished_copy_of_another_store_is_refused(
    source: MemoryMovable, copy_store: CopyStore
) -> None:
    target = Falling(MemoryStore(), MemorySessionStore())
    target.fall_at = 2
    with pytest.raises(ConnectionError):
        await copy_store(source, target, watching(Watch()))
    other = MemoryStore()
    await other.open("second life")

    with pytest.raises(StoreUnusable, match="another store"):
        await copy_store(MemoryMovable(other, MemorySessionStore()), target, watching(Watch()))


class Busy(MemoryMovable):
    """Somebody posts between one look and the next."""

    looks = 0

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Snapshot]:
        self.looks += 1
        if self.looks > 1:
            async with self.store.unit() as unit:
                room = await unit.rooms.lock(a_room().id)
                await unit.log.append(numbered(room, a_post(alice(), "meanwhile")))
                await unit.rooms.save(room)
        async with super().read() as snapshot:
            yield snapshot


async def test_a_source_that_is_written_to_meanwhile_is_detected_and_named(
    source: MemoryMovable, copy_store: CopyStore
) -> None:
    target = an_empty_one()

    copied = await copy_store(Busy(source.store, source.sessions), target, watching(Watch()))

    assert copied.is_equal
    assert not copied.finished
    assert copied.written_meanwhile == ["garden"]
    with pytest.raises(StoreUnusable):
        await everything(target)


async def test_online_the_copy_is_what_the_source_was_when_it_began(
    source: MemoryMovable, copy_store: CopyStore
) -> None:
    target, before = an_empty_one(), await everything(source)

    copied = await copy_store(
        Busy(source.store, source.sessions), target, watching(Watch()), online=True
    )

    assert copied.finished
    assert len(await everything(target)) == len(before)


async def test_what_was_changed_in_an_unfinished_copy_is_found(
    source: MemoryMovable, copy_store: CopyStore
) -> None:
    target = Falling(MemoryStore(), MemorySessionStore())
    target.fall_at = 6
    with pytest.raises(ConnectionError):
        await copy_store(source, target, watching(Watch()))
    async with target.store.unit() as unit:
        await unit.users.set_password_hash(bob().id, "another hash")

    copied = await copy_store(source, target, watching(Watch()))

    assert not copied.finished
    assert [each.what for each in copied.comparisons if not each.is_equal] == ["accounts"]


async def test_two_stores_are_held_against_each_other(
    source: MemoryMovable, copy_store: CopyStore
) -> None:
    target = an_empty_one()
    await copy_store(source, target, watching(Watch()))
    async with target.store.unit() as unit:
        await unit.rooms.lock(a_room().id)
        await unit.log.edit(a_room().id, 4, text="hi!", mentions=(), edited_at=at(20))

    comparisons = await CompareStores()(source, target, watching(Watch()))

    assert [each.what for each in comparisons if not each.is_equal] == ["garden"]


async def test_a_change_that_no_room_tells_of_is_detected_too(
    source: MemoryMovable, copy_store: CopyStore
) -> None:
    class Changing(MemoryMovable):
        """Bob changes his password between one look and the next."""

        looks = 0

        @asynccontextmanager
        async def read(self) -> AsyncIterator[Snapshot]:
            self.looks += 1
            if self.looks == 2:
                async with self.store.unit() as unit:
                    await unit.users.set_password_hash(bob().id, "changed")
            async with super().read() as snapshot:
                yield snapshot

    copied = await copy_store(
        Changing(source.store, source.sessions), an_empty_one(), watching(Watch())
    )

    assert copied.written_meanwhile == ["accounts"]
    assert not copied.finished


class Observed(MemoryMovable):
    """Tells how many batches of it have been read, and how many of the messages."""

    batches = 0
    messages = 0

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Snapshot]:
        async with super().read() as snapshot:
            yield ObservedSnapshot(self, snapshot)


class ObservedSnapshot(Snapshot):
    def __init__(self, seen: Observed, snapshot: Snapshot) -> None:
        self._seen = seen
        self._snapshot = snapshot

    @property
    def epoch(self) -> str:
        return self._snapshot.epoch

    async def totals(self) -> dict[Section, int]:
        return await self._snapshot.totals()

    async def rooms(self) -> dict[Visibility, int]:
        return await self._snapshot.rooms()

    async def size(self) -> int | None:
        return await self._snapshot.size()

    async def records(self, after: Place | None = None) -> Records:
        async for batch in self._snapshot.records(after):
            self._seen.batches += 1
            self._seen.messages += sum(isinstance(record, Message) for record in batch)
            yield batch


async def test_messages_are_not_read_again_to_see_whether_there_are_more(
    source: MemoryMovable, copy_store: CopyStore
) -> None:
    observed = Observed(source.store, source.sessions, batch=1)

    copied = await copy_store(observed, an_empty_one(), watching(Watch()))

    assert copied.finished
    assert observed.messages == 5 + 1  # The first of them tells that what is before has ended.


async def test_the_source_is_read_while_the_target_is_busy(
    source: MemoryMovable, copy_store: CopyStore
) -> None:
    observed = Observed(source.store, source.sessions, batch=2)
    read_meanwhile: list[int] = []

    class Slow(MemoryMovable):
        async def write(self, records: Sequence[Record]) -> None:
            before = observed.batches
            for _ in range(20):
                await asyncio.sleep(0)
            read_meanwhile.append(observed.batches - before)
            await super().write(records)

    await copy_store(observed, Slow(MemoryStore(), MemorySessionStore()), watching(Watch()))

    assert read_meanwhile == [1] * 7 + [0]


async def test_long_texts_are_written_in_smaller_portions() -> None:
    room = a_room()
    records = numbered(room, *(a_post(alice(), "x" * 300_000) for _ in range(10)))

    sizes = [len(portion) for portion in portions(records)]

    assert sizes == [3, 3, 3, 1]
    assert [list(portion) for portion in portions(records[:2])] == [records[:2]]
    assert list(portions([])) == []
