"""Sockets outlive their sessions unless somebody looks: they prove once, at the door, who they are.

What ends a session is told at once, but not to everybody: an operator's command is no node, and
Redis may be away. So the store is asked twice a second which sessions were ended a moment ago. That
one has expired, or idled out, is told by nobody, so all are looked at from time to time; and at
once, when it is known that something may have been missed.
"""

import asyncio
import contextlib
import logging

from adapters.ws.people import SESSION_ENDED
from adapters.ws.switchboard import Switchboard
from application.chat import Chat
from domain.errors import DomainError
from domain.events import Event, PeopleMissed

# Seconds between two questions which sessions were ended, and between two looks at those of all
# sockets. The store remembers for longer than the second what was ended: who could not ask for a
# while either finds it there, or looks at all.
PAUSE = 0.5
INTERVAL = 30.0

_log = logging.getLogger(__name__)


class SessionWatch:
    def __init__(self, chat: Chat, switchboard: Switchboard) -> None:
        self._chat = chat
        self._switchboard = switchboard
        self._stopped = False
        self._woken = asyncio.Event()
        self._may_have_missed = False
        self._looked_at = 0.0  # By the clock of the event loop.
        self._trouble: type[Exception] | None = None

    def __call__(self, event: Event) -> None:
        """A listener of the notifier."""
        if isinstance(event, PeopleMissed):
            self._may_have_missed = True
            self._woken.set()

    async def run(self) -> None:
        """Watch until stopped."""
        self._looked_at = _now()
        while not await self._stops_within(PAUSE):
            try:
                await self._watch()
            except DomainError as error:  # The store is away: nobody is sent home for that.
                if self._is_new(error):
                    _log.warning("the sessions of the sockets cannot be looked at: %s", error)
            except Exception as error:  # noqa: BLE001  # Without the watch, sockets stay for ever.
                if self._is_new(error):
                    _log.exception("the watch of the sessions failed")
            else:
                self._trouble = None

    async def ask(self) -> None:
        """End the sockets whose session somebody has just ended."""
        if self._switchboard.is_empty():
            return
        ended = set(await self._chat.authenticate.list_ended())
        for connection in self._switchboard.everybody() if ended else ():
            if connection.session_id in ended:
                connection.end(SESSION_ENDED, "signed out")

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

    async def _watch(self) -> None:
        """Ask, and look when it is time. What costs more waits until what costs little was
        answered; if it then fails, its next time is as far away as ever."""
        await self.ask()
        if self._may_have_missed or _now() - self._looked_at >= INTERVAL:
            self._may_have_missed = False
            self._looked_at = _now()
            await self.look()

    def _is_new(self, error: Exception) -> bool:
        """Whether it was not said yet: as long as the same goes on, it is the same trouble."""
        before, self._trouble = self._trouble, type(error)
        return before is not self._trouble

    async def _stops_within(self, seconds: float) -> bool:
        """Whether it is to stop by then; earlier, when there is reason to look."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        self._woken.clear()
        return self._stopped


def _now() -> float:
    return asyncio.get_running_loop().time()
