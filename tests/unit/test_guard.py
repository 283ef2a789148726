"""The guard of this suite guards."""

import asyncio
import socket
from pathlib import Path

import pytest


async def test_a_unit_test_cannot_reach_the_network() -> None:
    with socket.socket() as one, pytest.raises(AssertionError, match="network"):
        one.connect(("127.0.0.1", 9))


def test_a_unit_test_cannot_write_a_file() -> None:
    with pytest.raises(AssertionError, match="write"):
        Path("/tmp/besedka-unit-test").write_text("hello")


async def test_the_event_loop_still_works() -> None:
    assert await asyncio.to_thread(lambda: 1) == 1
