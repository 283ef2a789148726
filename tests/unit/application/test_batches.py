"""Batches: posts of several rooms in one commit, and the trouble of one that is not the others'."""

import asyncio
from collections.abc import Mapping

import pytest

from adapters.notifier.in_process import InProcessNotifier
from adapters.persistence.memory.room_repository import MemoryRoomRepository
from application import batches
from application.posting import Post, Posted, Stored
from application.room_writer import RoomWriter
from domain.errors import NotAMember, RoomHeld, RoomNotFound, StoreUnavailable
from domain.events import RoomAppended
from domain.ids import RoomId
from domain.room import Room
from tests.unit.application.scene import NOWHERE, Scene
from tests.unit.faulty_store import FaultyStore, unavailable


class Node:
    """A writer on a store that can fail. `told` are the rooms of each batch of messages."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.store = FaultyStore(scene.kit.container.store())
        notifier = InProcessNotifier()
        self.writer = RoomWriter(self.store, scene.kit.clock, notifier)
        self.told: list[tuple[RoomId, int]] = []
        notifier.subscribe(self._hear)

    def posting(self, room_id: RoomId, key: str) -> "asyncio.Task[Posted]":
        return asyncio.ensure_future(self.writer.post(room_id, Post(self.scene.bob, key, "hello")))

    def _hear(self, event: object) -> None:
        assert isinstance(event, RoomAppended)
        self.told.append((event.room_id, len(event.messages)))


@pytest.fixture
def node(scene: Scene) -> Node:
    return Node(scene)


async def test_posts_of_several_rooms_are_one_commit(node: Node) -> None:
    garden, pavilion = node.scene.garden, node.scene.pavilion
    before = {room: await head(node, room) for room in (garden, pavilion)}

    posted = await asyncio.gather(
        *(node.posting(room, f"{room} {n}") for n in range(3) for room in (garden, pavilion))
    )

    assert node.store.commits == 1
    assert sorted(node.told) == sorted([(garden, 3), (pavilion, 3)])
    for room in (garden, pavilion):
        seqs = [each.message.seq for each in posted if each.message.room_id == room]
        assert seqs == [before[room] + n for n in (1, 2, 3)]
        assert await head(node, room) == before[room] + 3


async def test_two_halves_that_post_in_turns_become_one(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who are answered post again at once. If the next batch did not wait for them, it would
    be the other half for ever."""
    committing, commit = asyncio.Event(), node.writer._batches._store_posts

    async def commit_slowly(posts: Mapping[RoomId, list[Post]]) -> dict[RoomId, Stored]:
        committing.set()
        await ticks(10)
        return await commit(posts)

    async def talk(name: str) -> None:
        for number in range(4):
            await node.posting(node.scene.garden, f"{name} {number}")
            await ticks(2)  # Their next post is on its way: it is read and decoded.

    monkeypatch.setattr(node.writer._batches, "_store_posts", commit_slowly)
    early = [asyncio.ensure_future(talk(f"early {number}")) for number in range(3)]
    await committing.wait()
    late = [asyncio.ensure_future(talk(f"late {number}")) for number in range(3)]
    await asyncio.gather(*early, *late)

    assert [count for _, count in node.told] == [3, 6, 6, 6, 3]


async def ticks(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_a_room_that_is_not_there_refuses_its_own_posts_only(node: Node) -> None:
    outcomes = await asyncio.gather(
        node.posting(NOWHERE, "a"), node.posting(node.scene.garden, "b"), return_exceptions=True
    )

    assert isinstance(outcomes[0], RoomNotFound)
    assert isinstance(outcomes[1], Posted)
    assert node.store.commits == 1


async def test_the_same_key_in_two_rooms_of_a_batch_is_stored_once(node: Node) -> None:
    outcomes = await asyncio.gather(
        node.posting(node.scene.garden, "k"),
        node.posting(node.scene.pavilion, "k"),
        return_exceptions=True,
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["KeyReused", "Posted"]


@pytest.mark.parametrize("trouble", [ValueError("its row cannot be read"), RoomHeld("too long")])
async def test_one_rooms_trouble_is_not_the_others(
    node: Node, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    lock = MemoryRoomRepository.lock

    async def lock_the_others(self: MemoryRoomRepository, room_id: RoomId) -> Room:
        if room_id == node.scene.pavilion:
            raise trouble
        return await lock(self, room_id)

    monkeypatch.setattr(MemoryRoomRepository, "lock", lock_the_others)

    outcomes = await asyncio.gather(
        node.posting(node.scene.garden, "a"),
        node.posting(node.scene.pavilion, "b"),
        return_exceptions=True,
    )

    assert isinstance(outcomes[0], Posted)
    assert outcomes[1] is trouble
    assert node.told == [(node.scene.garden, 1)]


async def test_a_store_that_is_away_is_everybodys_trouble(node: Node) -> None:
    node.store.before_commit = unavailable

    outcomes = await asyncio.gather(
        node.posting(node.scene.garden, "a"),
        node.posting(node.scene.pavilion, "b"),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 2
    assert node.told == []


async def test_a_batch_has_its_bounds_over_all_rooms(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "LARGEST_BATCH", 3)
    monkeypatch.setattr(batches, "LANES", 1)

    rooms = (node.scene.garden, node.scene.pavilion)
    await asyncio.gather(*(node.posting(room, f"{room} {n}") for room in rooms for n in range(2)))

    assert node.told == [(rooms[0], 2), (rooms[1], 1), (rooms[1], 1)]
    assert node.store.commits == 2


async def test_whoever_may_not_post_here_may_post_there(node: Node) -> None:
    mallory = node.scene.mallory
    refused = node.writer.post(node.scene.garden, Post(mallory, "a", "hello"))

    outcomes = await asyncio.gather(
        refused, node.posting(node.scene.pavilion, "b"), return_exceptions=True
    )

    assert isinstance(outcomes[0], NotAMember)
    assert isinstance(outcomes[1], Posted)


async def head(node: Node, room_id: RoomId) -> int:
    async with node.store.view() as view:
        return (await view.rooms.heads([room_id]))[room_id]
