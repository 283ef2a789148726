"""The room writer: batches, their order, and what happens when the store fails."""

import asyncio
from collections.abc import Awaitable, Iterable
from itertools import chain

import pytest

from adapters.notifier.in_process import InProcessNotifier
from adapters.persistence.memory.message_log import MemoryMessageLog
from adapters.system.manual_clock import settle
from application import batches, room_writer
from application.posting import Post, Posted
from application.room_writer import RoomWriter, Turn
from domain.errors import (
    NotAMember,
    Overloaded,
    RoomNotFound,
    ShuttingDown,
    StoreUnavailable,
)
from domain.events import Event, RoomAppended, RoomArchived
from domain.ids import UserId
from domain.message import Entry, Kind, Message
from domain.user import User
from tests.unit.application.scene import NOWHERE, Scene
from tests.unit.faulty_store import FaultyStore, Gate, no_fault, unavailable


class Node:
    """A writer of its own, as on another node, on a store that can fail."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.store = FaultyStore(scene.kit.container.store())
        self.notifier = InProcessNotifier()
        self.writer = RoomWriter(self.store, scene.kit.clock, self.notifier)
        self.events: list[Event] = []
        self.notifier.subscribe(self.events.append)

    def post(self, key: str, author: User | None = None, text: str = "hello") -> Awaitable[Posted]:
        post = Post(author or self.scene.bob, key, text)
        return self.writer.post(self.scene.garden, post)

    def posting(self, key: str, author: User | None = None) -> "asyncio.Task[Posted]":
        return asyncio.ensure_future(self.post(key, author))

    def batches(self) -> list[list[int]]:
        """The seqs of each batch that was told."""
        return [
            [message.seq for message in event.messages]
            for event in self.events
            if isinstance(event, RoomAppended)
        ]


@pytest.fixture
def node(scene: Scene) -> Node:
    return Node(scene)


async def test_an_idle_writer_commits_at_once_and_forgets_the_room(node: Node) -> None:
    await node.post("one")
    await node.post("two")

    assert node.store.commits == 2
    assert node.batches() == [[3], [4]]
    assert node.writer._queues == {}


async def test_posts_that_wait_during_a_commit_are_one_batch(node: Node) -> None:
    gate = node.store.before_commit = Gate()
    first = node.posting("first")
    await gate.reached.wait()

    others = [node.posting(f"k{n}") for n in range(10)]
    await settle()
    gate.open()
    await asyncio.gather(first, *others)

    assert node.store.commits == 2
    assert node.batches() == [[3], list(range(4, 14))]


async def test_nothing_is_acknowledged_or_told_before_its_commit(node: Node) -> None:
    gate = node.store.before_commit = Gate()
    post = node.posting("k")
    await gate.reached.wait()
    await settle()

    assert not post.done()
    assert node.events == []
    gate.open()
    assert (await post).message.seq == 3
    assert node.batches() == [[3]]


async def test_telling_follows_committing_in_one_order(node: Node) -> None:
    commits: list[tuple[int, int]] = []
    node.notifier.subscribe(
        lambda event: commits.append((node.store.commits, event.messages[-1].seq))  # type: ignore[union-attr]  # posts only
    )

    for n in range(3):
        await asyncio.gather(*(node.post(f"{n} {m}") for m in range(4)))

    assert commits == [(1, 6), (2, 10), (3, 14)]
    assert list(chain(*node.batches())) == list(range(3, 15))


async def test_an_acknowledgement_follows_the_telling(node: Node) -> None:
    await node.post("k")

    assert node.batches() == [[3]]


async def test_the_author_is_answered_before_what_the_telling_has_set_off(node: Node) -> None:
    """So both go to them in one write."""
    order: list[str] = []
    loop = asyncio.get_running_loop()
    node.notifier.subscribe(lambda _: loop.call_soon(order.append, "written") and None)

    async def post() -> None:
        await node.post("one")
        order.append("answered")

    await post()
    await settle()

    assert order == ["answered", "written"]


async def test_a_batch_has_its_bounds(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LARGEST_BATCH", 2)

    await asyncio.gather(*(node.post(f"k{n}") for n in range(5)))

    assert node.batches() == [[3, 4], [5, 6], [7]]


async def test_a_refused_post_does_not_fail_its_neighbours(node: Node) -> None:
    outcomes = await asyncio.gather(
        node.post("one"),
        node.post("two", node.scene.mallory),
        node.post("three"),
        return_exceptions=True,
    )

    assert isinstance(outcomes[1], NotAMember)
    assert [each.message.seq for each in outcomes if isinstance(each, Posted)] == [3, 4]
    assert node.store.commits == 1


async def test_a_batch_of_refused_posts_changes_and_tells_nothing(node: Node) -> None:
    with pytest.raises(NotAMember):
        await node.post("k", node.scene.mallory)

    assert node.events == []
    assert len(await node.scene.log()) == 2


async def test_a_failing_store_fails_all_and_nothing_is_told(node: Node) -> None:
    node.store.before_commit = unavailable
    outcomes = await asyncio.gather(*(node.post(f"k{n}") for n in range(3)), return_exceptions=True)
    node.store.before_commit = no_fault

    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    assert node.events == []
    assert (await node.post("k0", text="another text")).message.seq == 3


async def test_what_failed_after_its_commit_is_found_when_it_is_repeated(node: Node) -> None:
    node.store.after_commit = unavailable
    with pytest.raises(StoreUnavailable):
        await node.post("k")
    node.store.after_commit = no_fault

    again = await node.post("k")

    assert (again.duplicate, again.message.seq) == (True, 3)
    assert len(await node.scene.log()) == 3


async def test_a_key_that_another_node_took_meanwhile_is_looked_up_again(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    await node.scene.post(node.scene.bob, "k")
    _blind(monkeypatch, times=1)

    outcomes = await asyncio.gather(node.post("k"), node.post("other"))

    assert [(each.duplicate, each.message.seq) for each in outcomes] == [(True, 3), (False, 4)]
    assert node.batches() == [[4]]


async def test_a_key_that_is_taken_again_and_again_is_given_up(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    await node.scene.post(node.scene.bob, "k")
    _blind(monkeypatch, times=10**6)

    with pytest.raises(StoreUnavailable):
        await node.post("k")

    assert node.events == []
    assert len(await node.scene.log()) == 3


def _blind(monkeypatch: pytest.MonkeyPatch, *, times: int) -> None:
    """Let the log not see the keys, as if they were inserted right after the look."""
    look, left = MemoryMessageLog.find_by_keys, times

    async def find(
        self: MemoryMessageLog, keys: Iterable[tuple[UserId, str]]
    ) -> dict[tuple[UserId, str], Message]:
        nonlocal left
        left -= 1
        return {} if left >= 0 else await look(self, keys)

    monkeypatch.setattr(MemoryMessageLog, "find_by_keys", find)


async def test_a_change_takes_its_turn_between_posts(node: Node) -> None:
    async def tell(turn: Turn) -> str:
        turn.tell(RoomArchived(turn.room.id))
        turn.receive(Entry(kind=Kind.CLEARED, author=None))
        return "done"

    first, change, second = (
        node.posting("one"),
        asyncio.ensure_future(node.writer.change(node.scene.garden, tell)),
        node.posting("two"),
    )
    results = await asyncio.gather(first, change, second)

    assert results[1] == "done"
    assert node.batches() == [[3], [4], [5]]
    assert [type(event) for event in node.events] == [
        RoomAppended,
        RoomAppended,
        RoomArchived,
        RoomAppended,
    ]


async def test_a_change_that_fails_undoes_all_it_did(node: Node) -> None:
    before = await node.scene.log()

    async def fail(turn: Turn) -> None:
        turn.receive(Entry(kind=Kind.CLEARED, author=None))
        turn.room.set_topic("trees")
        await turn.unit.log.clear(turn.room.id, 2)
        await turn.unit.memberships.remove(turn.room.id, node.scene.bob.id)
        raise ValueError("a mistake")

    outcomes = await asyncio.gather(
        node.writer.change(node.scene.garden, fail), node.post("k"), return_exceptions=True
    )

    assert isinstance(outcomes[0], ValueError)
    assert isinstance(outcomes[1], Posted)
    assert (await node.scene.log())[:-1] == before
    assert node.batches() == [[3]]


async def test_a_change_that_is_not_committed_tells_nothing(node: Node) -> None:
    node.store.before_commit = unavailable

    async def tell(turn: Turn) -> None:
        turn.tell(RoomArchived(turn.room.id))
        turn.receive(Entry(kind=Kind.CLEARED, author=None))

    with pytest.raises(StoreUnavailable):
        await node.writer.change(node.scene.garden, tell)

    assert node.events == []


async def test_an_unknown_room_takes_nothing(node: Node) -> None:
    async def nothing(turn: Turn) -> None: ...

    with pytest.raises(RoomNotFound):
        await node.writer.change(NOWHERE, nothing)
    with pytest.raises(RoomNotFound):
        await node.writer.post(NOWHERE, Post(node.scene.bob, "k", "hello"))


async def test_a_slow_room_does_not_hold_up_another(node: Node) -> None:
    gate = node.store.after_commit = Gate()
    slow = node.posting("slow")
    await gate.reached.wait()
    node.store.after_commit = no_fault

    await node.writer.post(node.scene.pavilion, Post(node.scene.bob, "quick", "hello"))

    assert not slow.done()
    gate.open()
    await slow


async def test_the_post_of_a_caller_who_went_away_is_stored_and_told(node: Node) -> None:
    gate = node.store.before_commit = Gate()
    gone, stays = node.posting("gone"), node.posting("stays")
    await gate.reached.wait()

    gone.cancel()
    await settle()
    gate.open()

    assert (await stays).message.seq == 4
    assert gone.cancelled()
    assert node.batches() == [[3, 4]]


async def test_the_post_of_a_caller_who_went_away_before_it_was_looked_at_too(node: Node) -> None:
    gate = node.store.before_commit = Gate()
    first = node.posting("first")
    await gate.reached.wait()
    waiting = node.posting("waiting")
    await settle()

    waiting.cancel()
    gate.open()
    await first
    await node.writer.drain()

    assert node.batches() == [[3], [4]]


async def test_draining_commits_what_was_taken_and_takes_no_more(node: Node) -> None:
    gate = node.store.before_commit = Gate()
    taken = [node.posting("one")]
    await gate.reached.wait()
    taken.append(node.posting("two"))
    await settle()

    drained = asyncio.ensure_future(node.writer.drain())
    await settle()
    with pytest.raises(ShuttingDown):
        await node.post("three")
    assert not drained.done()
    gate.open()
    await drained

    assert [(await post).message.seq for post in taken] == [3, 4]
    assert node.batches() == [[3], [4]]


async def test_a_full_queue_refuses_more_and_empties(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_writer, "LONGEST_QUEUE", 3)
    gate = node.store.before_commit = Gate()
    posts = [node.posting("first")]
    await gate.reached.wait()
    posts += [node.posting(f"k{n}") for n in range(3)]
    await settle()

    with pytest.raises(Overloaded):
        await node.post("too many")
    gate.open()
    await asyncio.gather(*posts)

    assert (await node.post("later")).message.seq == 7


async def test_two_nodes_make_one_order_without_a_gap(scene: Scene) -> None:
    nodes = [Node(scene), Node(scene)]

    await asyncio.gather(*(nodes[n % 2].post(f"k{n}") for n in range(20)))

    told = sorted(chain(*(node.batches() for node in nodes)))
    assert list(chain(*told)) == list(range(3, 23))
    assert [message.seq for message in await scene.log()] == list(range(1, 23))


async def test_the_same_key_on_two_nodes_at_once_is_one_message(scene: Scene) -> None:
    nodes = [Node(scene), Node(scene)]

    outcomes = await asyncio.gather(*(node.post("k") for node in nodes))

    assert sorted(each.duplicate for each in outcomes) == [False, True]
    assert {each.message.seq for each in outcomes} == {3}


async def test_a_gateway_that_fails_does_not_reach_the_writer(
    node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(event: Event) -> None:
        raise ValueError("a mistake")

    node.notifier.subscribe(fail)

    assert (await node.post("k")).message.seq == 3
    assert [record.getMessage() for record in caplog.records] == [
        "a gateway failed on RoomAppended"
    ]
