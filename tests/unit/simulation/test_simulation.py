"""Deterministic simulation of posting under faults. `SIMULATION_SEEDS=2000 pytest …` runs more of
it; a failing seed is in the name of the test, and fails again."""

import asyncio
import os
from collections.abc import Iterable, Mapping
from functools import cache

import pytest

from adapters.persistence.memory.message_log import MemoryMessageLog
from application.batches import Batches
from application.ports.clock import Clock
from application.ports.notifier import Notifier
from application.ports.store import Store
from application.posting import Post, Stored, store_posts
from application.room_writer import RoomWriter
from domain.errors import StoreUnavailable
from domain.ids import RoomId, UserId
from domain.message import Message
from tests.unit.application.scene import set_scene
from tests.unit.simulation.checks import violations
from tests.unit.simulation.world import CLIENTS, POSTS, READERS, History, Safeguards, World

SEEDS = range(int(os.environ.get("SIMULATION_SEEDS", "6")))
REAL = Safeguards()


def history_of(seed: int, safeguards: Safeguards = REAL) -> History:
    async def run() -> History:
        async with set_scene() as scene:
            return await World(scene, seed, safeguards).run()

    return asyncio.run(run())


@cache
def real_history(seed: int) -> History:
    return history_of(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_doubled_or_out_of_order(seed: int) -> None:
    history = real_history(seed)

    assert violations(history) == [], f"replay with seed {seed}"
    assert len(history.acknowledged) == CLIENTS * POSTS
    assert [len(reader.applied) for reader in history.readers] == [CLIENTS * POSTS] * READERS


def test_a_seed_makes_the_same_history_again() -> None:
    one, other = real_history(1), history_of(1)

    assert one.log == other.log
    assert one.acknowledged == other.acknowledged


def test_the_faults_are_there() -> None:
    assert sum(real_history(seed).unknown for seed in range(3)) > 5


def breaks(invariant: str, safeguards: Safeguards) -> bool:
    """Whether some seed breaks it."""
    return any(
        violation.startswith(invariant)
        for seed in range(8)
        for violation in violations(history_of(seed, safeguards))
    )


def test_without_unique_keys_a_message_is_doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    async def find_nothing(
        self: MemoryMessageLog, keys: Iterable[tuple[UserId, str]]
    ) -> dict[tuple[UserId, str], Message]:
        return {}

    monkeypatch.setattr(MemoryMessageLog, "find_by_keys", find_nothing)
    monkeypatch.setattr(MemoryMessageLog, "_take_key", lambda self, message: None)

    assert breaks("I2", REAL)


def test_with_a_new_key_for_each_attempt_a_message_is_doubled() -> None:
    assert breaks("I2", Safeguards(clients_keep_their_key=False))


def test_without_reading_the_gaps_a_reader_jumps() -> None:
    assert breaks("I3", Safeguards(readers_fill_gaps=False))


class HastyBatches(Batches):
    """Answer when the store has been asked, not when it has committed."""

    async def _store_posts(self, posts: Mapping[RoomId, list[Post]]) -> dict[RoomId, Stored]:
        stored = None
        try:
            async with self._store.unit() as unit:
                now = self._clock.now()
                stored = await store_posts(unit, posts, now, some_repeated=True)
        except StoreUnavailable:
            if stored is None:
                raise
        return stored


class HastyWriter(RoomWriter):
    def __init__(self, store: Store, clock: Clock, notifier: Notifier) -> None:
        super().__init__(store, clock, notifier)
        self._batches = HastyBatches(store, clock)


def test_acknowledged_before_the_commit_a_message_is_lost() -> None:
    assert breaks("I1", Safeguards(writer=HastyWriter))
    assert breaks("I4", Safeguards(writer=HastyWriter))


class MixedUpBatches(Batches):
    """Store the posts of a batch in another order than they answer them."""

    async def _store_posts(self, posts: Mapping[RoomId, list[Post]]) -> dict[RoomId, Stored]:
        return await super()._store_posts({room: mine[::-1] for room, mine in posts.items()})


class MixedUpWriter(RoomWriter):
    def __init__(self, store: Store, clock: Clock, notifier: Notifier) -> None:
        super().__init__(store, clock, notifier)
        self._batches = MixedUpBatches(store, clock)


def test_answers_that_go_to_the_wrong_post_are_noticed() -> None:
    assert breaks("I1", Safeguards(writer=MixedUpWriter))
