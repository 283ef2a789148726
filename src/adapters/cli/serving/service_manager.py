"""What systemd, and whatever else speaks sd_notify(3), is told of a service. Where nobody listens,
nothing is sent."""

import contextlib
import os
import socket
import time
from collections.abc import Callable, Mapping

from adapters.cli.serving.stopping import Stopping

# How often the status is told where no watchdog asks for more. Seconds.
INTERVAL = 5.0


class ServiceManager:
    """`address` is NOTIFY_SOCKET, `watchdog` the seconds of silence after which we are killed."""

    def __init__(self, address: str | None, watchdog: float | None) -> None:
        self._address = address
        self._interval = min(INTERVAL, watchdog / 2) if watchdog else INTERVAL

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "ServiceManager":
        watched = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        microseconds = environ.get("WATCHDOG_USEC", "")
        is_watched = watched and microseconds.isdecimal() and int(microseconds) > 0
        watchdog = int(microseconds) / 1e6 if is_watched else None
        return cls(environ.get("NOTIFY_SOCKET") or None, watchdog)

    async def attend(self, stopping: Stopping, status: Callable[[], str]) -> None:
        """Tell that it is ready, then how it goes, until it is to stop. The event loop tells it:
        if that hangs, the watchdog notices."""
        self._tell("READY=1", f"STATUS={status()}")
        while not await stopping.asked_within(self._interval):
            self._tell("WATCHDOG=1", f"STATUS={status()}")
        self._tell("STOPPING=1", "STATUS=Stopping")

    def reloading(self) -> None:
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def reloaded(self) -> None:
        self._tell("READY=1")

    def _tell(self, *lines: str) -> None:
        if self._address is None:
            return
        # A name of Linux's abstract kind is written with an @ for its leading NUL.
        address = self._address
        name = "\0" + address[1:] if address.startswith("@") else address
        with (
            contextlib.suppress(OSError),  # It is told again soon, and is no reason to stop.
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as telling,
        ):
            telling.setblocking(False)
            telling.sendto("\n".join(lines).encode(), name)


def without_service_manager(environ: Mapping[str, str]) -> dict[str, str]:
    """For a child: it is not the service."""
    ours = {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}
    return {name: value for name, value in environ.items() if name not in ours}
