"""The whole server in this process, on a free port, and people who connect to it."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from dependency_injector import providers

from adapters.system.plain_hasher import PlainHasher
from adapters.ws.gateway import SocketGateway
from adapters.ws.hub import Hub
from adapters.ws.socket import SocketOptions
from bootstrap import Container, container_for, serving
from domain.ids import RoomId
from domain.user import User
from tests.kit import Kit, memory_settings
from tests.wire_client import WireClient

# For what never gets as far as the store.
memory_only = pytest.mark.parametrize("database_url", ["memory"], indirect=True)

# Seconds after which somebody who does not come back is gone.
GRACE = 0.1


@dataclass
class Person:
    """Somebody with an account and a session, who can connect any number of times."""

    server: "Server"
    user: User
    secret: str

    async def knock(self, path: str = "/ws", **headers: str) -> WireClient:
        """A socket on which nothing was said yet."""
        return await self.server.connect(self.secret, path, headers=headers)

    async def client(self, resume: dict[str, object] | None = None) -> WireClient:
        """A socket on which hello was said."""
        client = await self.knock()
        await client.hello(resume)
        return client

    async def says(self, room_id: RoomId, text: str) -> int:
        """Post without a socket; the seq."""
        return await self.server.kit.say(self.user, room_id, text)


@dataclass
class Server:
    kit: Kit
    address: str
    stop: Callable[[], Awaitable[None]]
    clients: list[WireClient] = field(default_factory=list)

    @property
    def gateway(self) -> SocketGateway:
        return self.kit.container.sockets()

    @property
    def hub(self) -> Hub:
        return self.gateway._hub

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    async def person(self, name: str) -> Person:
        user = await self.kit.person(name)
        return Person(self, user, (await self.kit.chat.open_session(user)).secret)

    async def connect(
        self, secret: str | None, path: str = "/ws", *, headers: dict[str, str] | None = None
    ) -> WireClient:
        client = await WireClient.connect(self.address, secret, path, headers=headers)
        self.clients.append(client)
        return client

    async def close_clients(self) -> None:
        await asyncio.gather(*(client.close() for client in self.clients))
        self.clients.clear()


@asynccontextmanager
async def serving_on(
    database_url: str, *, socket: dict[str, object] | None = None, **changes: object
) -> AsyncIterator[Server]:
    """`socket` are `SocketOptions` that no setting sets, `changes` are settings. At the end the
    server closes first, and the clients see how."""
    container = fast_container(database_url, **changes)
    if socket:
        options = socket_options(container, **socket)
        container.sockets.override(
            providers.Singleton(
                SocketGateway, container.chat, container.notifier, container.ids, options
            )
        )
    async with AsyncExitStack() as running:
        address = await running.enter_async_context(serving(container))
        kit = Kit(container.chat(), container.clock(), container)
        container.notifier().subscribe(kit.events.append)
        server = Server(kit, address, running.aclose)
        try:
            yield server
        finally:
            await server.close_clients()


def fast_container(database_url: str, **changes: object) -> Container:
    """As it runs, but on a free port, without rate limits, and with passwords that cost nothing."""
    settings = memory_settings(
        **{
            "database_url": database_url,
            "port": 0,
            "presence_grace_seconds": GRACE,
            "shutdown_seconds": 2,
            **changes,
        }
    )
    container = container_for(settings)
    container.hasher.override(providers.Singleton(PlainHasher))
    return container


def socket_options(container: Container, **changes: object) -> SocketOptions:
    config = container.config
    options = SocketOptions(
        public_url=config.public_url(),
        heartbeat=config.heartbeat_seconds(),
        frame_bytes=config.limits.frame_bytes(),
        outbox_bytes=config.limits.outbox_bytes(),
        connections_per_user=config.limits.connections_per_user(),
        text_length=config.limits.text_length(),
    )
    return replace(options, **changes)


async def eventually(condition: Callable[[], object], *, within: float = 20.0) -> None:
    """Until it is so, and stays so, for what no event tells of: that nothing is left."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110  # See above.
            await asyncio.sleep(0.005)


@asynccontextmanager
async def longest_hold() -> AsyncIterator[list[float]]:
    """Measures for how long the event loop was held at a time, in seconds."""
    holds = [0.0]

    async def tick() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0)
            now = time.perf_counter()
            holds[0] = max(holds[0], now - last)
            last = now

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    try:
        yield holds
    finally:
        ticking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ticking
