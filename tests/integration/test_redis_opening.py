"""A Redis that cannot be used is refused at the start, with one line that says what to do."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from adapters.configuration.errors import ConfigurationError
from adapters.redis.link import RedisAway, RedisLink
from application.ports.store import StoreUnusable
from bootstrap import container_for, opened
from tests.kit import memory_settings
from tests.servers.setting import free_port
from tests.servers.valkey import ValkeyServer


@pytest.fixture(scope="module")
def guarded() -> Iterator[ValkeyServer]:
    server = ValkeyServer(requirepass="right")
    server.start()
    yield server
    server.close()


async def refusal(url: str) -> str:
    """What the whole program says of it."""
    container = container_for(memory_settings(redis_url=url))
    with pytest.raises(StoreUnusable) as refused:
        async with opened(container):
            pass
    reason = str(refused.value)
    assert reason.startswith("REDIS_URL (")
    assert "\n" not in reason
    return reason


@asynccontextmanager
async def somebody_else(answer: bytes) -> AsyncIterator[str]:
    """Answers everything with this."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1000):
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_wrong_password_is_named_and_not_shown(guarded: ValkeyServer) -> None:
    reason = await refusal(guarded.url("hunter2"))

    assert "refuses the user or the password" in reason
    assert "hunter2" not in reason


async def test_a_missing_password_is_asked_for(guarded: ValkeyServer) -> None:
    assert re.search("password", await refusal(guarded.url()))


async def test_a_right_password_opens(guarded: ValkeyServer) -> None:
    container = container_for(memory_settings(redis_url=guarded.url("right")))
    async with opened(container):
        assert not container.redis().is_away


async def test_nobody_there() -> None:
    assert "cannot be reached" in await refusal(f"redis://127.0.0.1:{free_port()}")


@pytest.mark.parametrize("url", ["redis://127.0.0.1:port", "redis://127.0.0.1?no_such_option=1"])
async def test_no_url(url: str) -> None:
    assert "is not understood" in await refusal(url)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"220 mail ready\r\n"])
async def test_something_else(answer: bytes) -> None:
    async with somebody_else(answer) as url:
        assert "is not a Redis" in await refusal(url)


async def test_too_old() -> None:
    said = b"# Server\r\nredis_version:6.0.16\r\n"
    async with somebody_else(b"$%d\r\n%s\r\n" % (len(said), said)) as url:
        assert "is version 6.0.16, which is too old" in await refusal(url)


async def test_a_replica(guarded: ValkeyServer) -> None:
    replica = ValkeyServer(replicaof=f"127.0.0.1 {free_port()}", replica_serve_stale_data="yes")
    replica.start()
    try:
        assert "is a read-only replica" in await refusal(replica.url())
    finally:
        replica.close()


async def test_one_that_is_full_is_refused_and_at_run_time_done_without() -> None:
    server = ValkeyServer()
    server.start()
    try:
        link = RedisLink(server.url(), prefix="x:", timeout=1)
        await link.open()
        await link.ask("CONFIG", "SET", "maxmemory", "1")

        assert "is full" in await refusal(server.url())
        with pytest.raises(RedisAway):
            await link.ask("SET", "x:a", "b")
        assert link.is_away
        with pytest.raises(RedisAway):
            await link.ask("GET", "x:a")
        await link.close()
    finally:
        server.close()


def test_sessions_in_redis_need_a_redis() -> None:
    with pytest.raises(ConfigurationError, match=r"sessions\.store is .redis., but REDIS_URL"):
        container_for(memory_settings(sessions={"store": "redis"}))
