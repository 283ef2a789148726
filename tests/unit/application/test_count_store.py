"""The operator sees how much there is."""

import pytest

from adapters.persistence.memory.movable import MemoryMovable
from adapters.persistence.memory.session_store import MemorySessionStore
from adapters.persistence.memory.store import MemoryStore
from application.ports.store import StoreUnusable
from application.use_cases.count_store import CountStore
from domain.room import Visibility
from tests.unit.application.scene import Scene


async def test_everything_is_counted_as_it_is_now(scene: Scene) -> None:
    container = scene.kit.container
    store = MemoryMovable(container.store(), container.sessions())
    before = await CountStore()(store)
    await scene.say(scene.alice)
    posted = await CountStore()(store)
    await scene.chat.archive_room(scene.alice, room_id=scene.pavilion)
    await scene.chat.open_direct(scene.alice, usernames=["bob"])
    await scene.chat.open_session(scene.alice)

    counts = await CountStore()(store)

    assert (before.people, before.sessions) == (4, 0)
    assert before.rooms == {Visibility.PUBLIC: 1, Visibility.PRIVATE: 1, Visibility.DIRECT: 0}
    assert counts.rooms == {Visibility.PUBLIC: 1, Visibility.PRIVATE: 0, Visibility.DIRECT: 1}
    assert (counts.people, counts.sessions, counts.size) == (4, 1, None)
    assert posted.messages == before.messages + 1


async def test_what_is_no_store_is_not_counted() -> None:
    with pytest.raises(StoreUnusable):
        await CountStore()(MemoryMovable(MemoryStore(), MemorySessionStore()))
