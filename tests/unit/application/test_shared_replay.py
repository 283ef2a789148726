"""A crowd that comes back costs one look at each room's log."""

import asyncio

import pytest

from application.shared_replay import KEPT, SharedReplay
from domain.errors import StoreUnavailable
from domain.message import Kind
from tests.unit.application.scene import Scene
from tests.unit.faulty_store import FaultyStore, Gate, no_fault, unavailable

CROWD = 100
START = 2  # The last seq before anybody says anything.


class CountedStore(FaultyStore):
    views = 0

    def view(self) -> object:
        self.views += 1
        return super().view()


@pytest.fixture
async def head(scene: Scene) -> int:
    return [await scene.say(scene.alice) for _ in range(10)][-1]


@pytest.fixture
async def store(scene: Scene) -> CountedStore:
    return CountedStore(scene.kit.container.store())


@pytest.fixture
async def replay(scene: Scene, store: CountedStore) -> object:
    replay = SharedReplay(store, scene.kit.clock)
    yield replay
    await replay.close()


async def seqs(scene: Scene, replay: SharedReplay, after: int, upto: int) -> list[int]:
    return [each.seq for each in await replay.read(scene.garden, after=after, upto=upto)]


async def test_a_crowd_that_comes_at_once_costs_one_look(
    scene: Scene, store: CountedStore, replay: SharedReplay, head: int
) -> None:
    asked = [START + number % 8 for number in range(CROWD)]

    answers = await asyncio.gather(*(seqs(scene, replay, after, head) for after in asked))

    assert answers == [list(range(after + 1, head + 1)) for after in asked]
    assert store.views == 1


async def test_who_comes_a_moment_later_costs_nothing(
    scene: Scene, store: CountedStore, replay: SharedReplay, head: int
) -> None:
    await seqs(scene, replay, START, head)

    assert await seqs(scene, replay, START + 3, head - 1) == list(range(START + 4, head))
    assert store.views == 1


async def test_a_log_that_goes_on_is_read_on(
    scene: Scene, store: CountedStore, replay: SharedReplay, head: int
) -> None:
    await seqs(scene, replay, START, head)
    later = await scene.say(scene.alice)

    assert await seqs(scene, replay, START, later) == list(range(START + 1, later + 1))
    assert store.views == 2


async def test_who_missed_more_than_the_others_gets_all_of_it(
    scene: Scene, replay: SharedReplay, head: int
) -> None:
    await seqs(scene, replay, head - 1, head)

    assert await seqs(scene, replay, START, head - 2) == list(range(START + 1, head - 1))
    assert await seqs(scene, replay, START, head) == list(range(START + 1, head + 1))


async def test_a_deleted_text_is_not_kept(scene: Scene, replay: SharedReplay, head: int) -> None:
    await seqs(scene, replay, START, head)
    await scene.chat.delete_message(scene.alice, room_id=scene.garden, seq=head)

    messages = await replay.read(scene.garden, after=head - 1, upto=head + 1)

    assert [(each.kind, each.text) for each in messages] == [(Kind.POSTED, ""), (Kind.DELETED, "")]


async def test_of_a_cleared_room_nothing_is_made_up(
    scene: Scene, replay: SharedReplay, head: int
) -> None:
    await seqs(scene, replay, START, head)
    await scene.chat.clear_room(scene.alice, room_id=scene.garden)

    assert await seqs(scene, replay, START, head + 1) == [head + 1]


async def test_a_look_that_fails_fails_all_who_wait_for_it_and_nobody_else(
    scene: Scene, store: CountedStore, replay: SharedReplay, head: int
) -> None:
    store.before_view = unavailable
    failures = await asyncio.gather(
        *(seqs(scene, replay, START, head) for _ in range(CROWD)), return_exceptions=True
    )
    store.before_view = no_fault

    assert {type(failure) for failure in failures} == {StoreUnavailable}
    assert store.views == 1
    assert await seqs(scene, replay, START, head) == list(range(START + 1, head + 1))


async def test_who_goes_away_while_it_is_read_leaves_the_others_alone(
    scene: Scene, store: CountedStore, replay: SharedReplay, head: int
) -> None:
    store.before_view = gate = Gate()
    gone, stays = (asyncio.create_task(seqs(scene, replay, START, head)) for _ in range(2))
    await gate.reached.wait()
    gone.cancel()
    gate.open()

    assert await stays == list(range(START + 1, head + 1))
    assert gone.cancelled()


async def test_what_was_read_is_forgotten_soon(
    scene: Scene, store: CountedStore, replay: SharedReplay, head: int
) -> None:
    await seqs(scene, replay, START, head)

    await scene.kit.clock.advance(KEPT)

    assert replay._endings == {}
    await seqs(scene, replay, START, head)
    assert store.views == 2
