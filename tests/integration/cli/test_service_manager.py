"""What systemd is told, over a real datagram socket."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.cli.serving.service_manager import ServiceManager, without_service_manager
from adapters.cli.serving.stopping import Stopping
from tests.integration.cli.processes import PATIENCE, address_of, besedka, several


class Listener:
    """Listens as systemd does."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.told: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address.replace("@", "\0", 1))
        self._socket.setblocking(False)

    async def hears(self, line: str) -> None:
        """Until it is told that."""
        async with asyncio.timeout(PATIENCE):
            while not any(each.startswith(line) for each in self.told):
                told = await asyncio.get_running_loop().sock_recv(self._socket, 4096)
                self.told += told.decode().splitlines()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Listener]:
    path = str(tmp_path / "notify")
    listener = Listener(path if request.param == "path" else f"@besedka-{os.getpid()}{path}")
    yield listener
    listener.close()


@pytest.fixture
async def stopping() -> Stopping:
    return Stopping(begin=lambda: None, insist=lambda: None)


async def test_it_is_told_when_it_serves_and_when_it_stops(
    systemd: Listener, tmp_path: Path
) -> None:
    async with besedka(tmp_path, "serve", PORT="0", NOTIFY_SOCKET=systemd.address) as process:
        await address_of(process)
        await systemd.hears("READY=1")
        await systemd.hears("STATUS=0 connections")
        process.send_signal(signal.SIGTERM)
        await systemd.hears("STOPPING=1")
        assert await asyncio.wait_for(process.wait(), 20) == 0

    assert "WATCHDOG=1" not in systemd.told


async def test_the_watchdog_is_fed_in_time(stopping: Stopping, systemd: Listener) -> None:
    environ = {"NOTIFY_SOCKET": systemd.address, "WATCHDOG_USEC": "40000"}
    attending = asyncio.create_task(ServiceManager.of(environ).attend(stopping, lambda: "fine"))

    for _ in range(3):
        systemd.told.clear()
        async with asyncio.timeout(1):
            await systemd.hears("WATCHDOG=1")
    assert "STATUS=fine" in systemd.told
    stopping.ask()
    await attending

    await systemd.hears("STOPPING=1")


async def test_the_watchdog_of_another_process_is_not_ours(
    stopping: Stopping, systemd: Listener
) -> None:
    environ = {
        "NOTIFY_SOCKET": systemd.address,
        "WATCHDOG_USEC": "20000",
        "WATCHDOG_PID": str(os.getpid() + 1),
    }
    attending = asyncio.create_task(ServiceManager.of(environ).attend(stopping, lambda: "fine"))
    await systemd.hears("READY=1")
    await asyncio.sleep(0.1)
    stopping.ask()
    await attending
    await systemd.hears("STOPPING=1")

    assert "WATCHDOG=1" not in systemd.told


@pytest.mark.parametrize("environ", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "/nowhere/at"}])
async def test_where_nobody_listens_nothing_happens(
    stopping: Stopping, environ: dict[str, str]
) -> None:
    stopping.ask()

    await ServiceManager.of(environ).attend(stopping, lambda: "fine")


# By the same way to the same address as one that has no workers, which is tried on both kinds.
@pytest.mark.parametrize("systemd", ["path"], indirect=True)
async def test_a_parent_tells_of_its_workers_and_of_reloading(
    systemd: Listener, tmp_path: Path
) -> None:
    environ = {
        **several(),
        "PORT": "0",
        "BESEDKA_WORKERS": "2",
        "NOTIFY_SOCKET": systemd.address,
        "WATCHDOG_USEC": "1000000",
    }
    async with besedka(tmp_path, "serve", **environ) as process:
        await systemd.hears("STATUS=2 workers, 0 connections")
        await systemd.hears("WATCHDOG=1")
        process.send_signal(signal.SIGHUP)
        await systemd.hears("RELOADING=1")
        await systemd.hears("MONOTONIC_USEC=")
        systemd.told.clear()
        await systemd.hears("READY=1")
        process.send_signal(signal.SIGTERM)
        await systemd.hears("STOPPING=1")

        assert await asyncio.wait_for(process.wait(), 20) == 0


def test_children_are_not_the_service() -> None:
    ours = {"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "1", "WATCHDOG_PID": "2"}

    assert without_service_manager({"PATH": "/bin", **ours}) == {"PATH": "/bin"}
