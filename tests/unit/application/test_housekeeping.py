"""What the server does by itself."""

from datetime import timedelta

import pytest

from adapters.persistence.memory.session_store import MemorySessionStore
from application.housekeeping import HOUR, Housekeeping
from application.limits import Limits
from domain.errors import StoreUnavailable
from tests.unit.application.scene import Scene

LIMITS = Limits(session_idle=timedelta(hours=2), session_life=timedelta(hours=3))


class Forgetful(MemorySessionStore):
    """Fails the first time it is asked to forget."""

    asked = 0

    async def forget_over(self, **times: object) -> int:
        self.asked += 1
        if self.asked == 1:
            raise StoreUnavailable
        return await super().forget_over(**times)  # type: ignore[arg-type]  # as called


@pytest.mark.parametrize("sessions", [MemorySessionStore, Forgetful])
async def test_sessions_that_are_over_are_forgotten_every_hour(
    scene: Scene, sessions: type[MemorySessionStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    # No subject here, and two hours of it every few seconds would take longer than all the rest.
    monkeypatch.setattr("application.housekeeping.WATCH", HOUR)
    container, store = scene.kit.container, sessions()
    housekeeping = Housekeeping(
        scene.kit.clock, store, LIMITS, container.settle_presence(), container.settle_nodes()
    )
    opened = await scene.chat.open_session(scene.alice)
    await store.add(opened.session)

    housekeeping.start()
    await scene.kit.clock.advance(HOUR)
    assert await store.list_of(scene.alice.id)
    await scene.kit.clock.advance(HOUR)
    assert not await store.list_of(scene.alice.id)

    await housekeeping.close()
