"""The beacon: notifications are hints, so from time to time the log itself is asked."""

import asyncio
import contextlib
import logging

from adapters.ws.catching_up import CatchingUp
from adapters.ws.connection import push_all
from adapters.ws.hub import Hub
from domain.errors import DomainError
from domain.ids import RoomId

# Seconds between two looks at the heads in the store, and looks between two pushes to clients.
INTERVAL = 2.0
LOOKS_PER_PUSH = 8

_log = logging.getLogger(__name__)


class Beacon:
    def __init__(self, hub: Hub, catching_up: CatchingUp) -> None:
        self._hub = hub
        self._catching_up = catching_up
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Look until stopped. A lost last message is found within `INTERVAL`; readers are told
        the heads of the rooms in which something happened since they were last told."""
        told: dict[RoomId, int] = self._hub.switchboard.heads()
        looks = 0
        while not await self._stops_within(INTERVAL):
            try:
                await self._look()
            except DomainError as error:  # The store is away: look again later.
                _log.warning("the beacon cannot look: %s", error)
            except Exception:  # noqa: BLE001  # Without the beacon a lost message stays lost.
                _log.exception("the beacon failed")
            looks += 1
            if looks % LOOKS_PER_PUSH == 0:
                told = self._push(told)

    def stop(self) -> None:
        self._stopped.set()

    async def _look(self) -> None:
        if rooms := list(self._hub.switchboard.channels):
            await self._catching_up.look(rooms)

    def _push(self, told: dict[RoomId, int]) -> dict[RoomId, int]:
        heads = self._hub.switchboard.heads()
        for room_id, head in heads.items():
            if told.get(room_id) != head:
                push_all(self._hub.switchboard.listeners(room_id), "head", rooms={room_id: head})
        return heads

    async def _stops_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopped.wait()
        return self._stopped.is_set()
