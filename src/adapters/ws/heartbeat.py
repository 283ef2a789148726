"""The heartbeat: one clock for all sockets, that notices who is silent."""

import asyncio
from collections.abc import Collection
from time import monotonic

from adapters.ws.socket import Socket

# How often a heartbeat the sockets are looked at: so much later at most somebody is given up.
LOOKS = 20


class Heartbeat:
    """`seconds` is after how long somebody who is silent is asked whether they are there."""

    def __init__(self, seconds: float, sockets: Collection[Socket]) -> None:
        self._seconds = seconds
        self._sockets = sockets

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._seconds / LOOKS)
            self._look()

    def _look(self) -> None:
        now = monotonic()
        since = now - self._seconds
        silent = [socket for socket in self._sockets if socket.heard_at <= since]
        for socket in silent:
            socket.look_after(now, self._seconds)
