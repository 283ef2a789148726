"""Sockets outlive their sessions unless somebody looks: they prove once, at the door, who they are.

What ends a session is told at once. That it has expired, or idled out, is told by nobody, and a
notification may be lost; when it is known that some may have been, this looks at once.
"""

import asyncio
import contextlib
import logging

from adapters.ws.people import SESSION_ENDED
from adapters.ws.switchboard import Switchboard
from application.chat import Chat
from domain.errors import DomainError
from domain.events import Event, PeopleMissed

# Seconds between two looks at the sessions of all sockets.
INTERVAL = 30.0

_log = logging.getLogger(__name__)


class SessionWatch:
    def __init__(self, chat: Chat, switchboard: Switchboard) -> None:
        self._chat = chat
        self._switchboard = switchboard
        self._stopped = False
        self._woken = asyncio.Event()

    def __call__(self, event: Event) -> None:
        """A listener of the notifier."""
        if isinstance(event, PeopleMissed):
            self._woken.set()

    async def run(self) -> None:
        """Look until stopped."""
        while not await self._stops_within(INTERVAL):
            try:
                await self.look()
            except DomainError as error:  # The store is away: nobody is sent home for that.
                _log.warning("the sessions of the sockets cannot be looked at: %s", error)
            except Exception:  # noqa: BLE001  # Without the watch, sockets stay for ever.
                _log.exception("the watch of the sessions failed")

    async def look(self) -> None:
        """End the sockets whose session is over; the other sessions count as seen, and what their
        people may do on the site is from now on what it is now."""
        connections = self._switchboard.everybody()
        if not connections:
            return
        asked = {each.session_id for each in connections}
        signed_in = await self._chat.authenticate.recheck(asked)
        for connection in connections:
            if user := signed_in.get(connection.session_id):
                connection.user.site_role = user.site_role
            else:
                connection.end(SESSION_ENDED, "the session is over")

    def stop(self) -> None:
        self._stopped = True
        self._woken.set()

    async def _stops_within(self, seconds: float) -> bool:
        """Whether it is to stop by then; earlier, when there is reason to look."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        self._woken.clear()
        return self._stopped
