"""How a process is told to stop, and that it does."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable

# A terminal and what runs the program in it may both send the same Ctrl+C.
ONE_AND_THE_SAME = 1.0


class Stopping:
    """SIGTERM, SIGINT or `ask`: to stop in good order. `begin` is called then, and `insist` when
    one of the signals comes again later."""

    def __init__(self, *, begin: Callable[[], None], insist: Callable[[], None]) -> None:
        self._begin = begin
        self._insist = insist
        self._asked = asyncio.Event()
        self._asked_at = 0.0

    def listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._signalled)

    def listen_for_reload(self, reload: Callable[[], None]) -> None:
        """At SIGHUP; unless that says that the terminal was closed, which is another way to ask."""
        hung_up = self.ask if _at_a_terminal() else reload
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hung_up)

    def ask(self) -> None:
        if not self._asked.is_set():
            self._asked_at = asyncio.get_running_loop().time()
            self._asked.set()
            self._begin()

    async def asked(self) -> None:
        """Return when it was asked for."""
        await self._asked.wait()

    async def asked_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._asked.wait(), seconds)
        return self._asked.is_set()

    def _signalled(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._asked.is_set() and now - self._asked_at > ONE_AND_THE_SAME:
            self._insist()
        self.ask()


def end_within(seconds: float) -> None:
    """End this process then, whatever it waits for; what was acknowledged is stored. By a thread,
    as it may be the event loop that hangs."""

    def end() -> None:
        leave(f"Stopped after {seconds:g} seconds with something unfinished.\n")

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def leave(last_word: str = "Stopped at once, as it was told to again.\n") -> None:
    """End this process now. Nothing is flushed and no lock is waited for."""
    os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, last_word.encode())
    os._exit(1)


def _at_a_terminal() -> bool:
    return sys.__stdin__ is not None and sys.__stdin__.isatty()
