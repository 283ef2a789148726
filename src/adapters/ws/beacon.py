"""The beacon: notifications are hints, so from time to time the log itself is asked."""

import asyncio
import contextlib
import logging

from adapters.ws.connection import push_all
from adapters.ws.hub import Hub
from application.chat import Chat
from domain.errors import DomainError
from domain.ids import RoomId

# Seconds between two looks at the heads in the store, and looks between two pushes to clients.
INTERVAL = 2.0
LOOKS_PER_PUSH = 8

_log = logging.getLogger(__name__)


class Beacon:
    def __init__(self, chat: Chat, hub: Hub) -> None:
        self._chat = chat
        self._hub = hub
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
        sent = self._hub.switchboard.heads()
        if not sent:
            return
        for room_id, head in (await self._chat.heal_room.heads(list(sent))).items():
            if head > sent[room_id]:
                self._hub.heal(room_id)

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
