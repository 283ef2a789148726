from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from adapters.notifier.redis.notifier import RedisNotifier
from domain.events import Event
from domain.ids import RoomId
from tests.integration.ws.server import Person, Server, eventually, serving_on
from tests.servers.valkey import fresh_prefix


@dataclass
class Site:
    one: Server
    other: Server

    def at_other(self, person: Person) -> Person:
        """The same person, who comes by the other node."""
        return replace(person, server=self.other)

    async def followed(self, room_id: RoomId) -> None:
        """Until both nodes hear of the room what is pushed."""
        for server in (self.one, self.other):
            channel = notifier_of(server)._channels.of_room(room_id)
            await eventually(lambda channel=channel, server=server: is_heard(server, channel))


def notifier_of(server: Server) -> RedisNotifier:
    notifier = server.kit.container.notifier()
    assert isinstance(notifier, RedisNotifier)
    return notifier


def is_heard(server: Server, channel: str) -> bool:
    return channel in notifier_of(server)._incoming.confirmed


@asynccontextmanager
async def two_nodes(database_url: str, redis_url: str, **changes: object) -> AsyncIterator[Site]:
    prefix = fresh_prefix()
    async with AsyncExitStack() as stack:
        one, other = [
            await stack.enter_async_context(
                a_node(database_url, redis_url, prefix=prefix, **changes)
            )
            for _ in range(2)
        ]
        yield Site(one, other)


@asynccontextmanager
async def a_node(
    database_url: str, redis_url: str, *, prefix: str, lease: float = 30, **changes: object
) -> AsyncIterator[Server]:
    redis = {"prefix": prefix, "lease_seconds": lease, "timeout_seconds": 1}
    async with serving_on(database_url, redis_url=redis_url, redis=redis, **changes) as server:
        yield server


def told(server: Server, kind: type[Event]) -> list[Event]:
    """What the gateways of this node were told."""
    return [event for event in server.kit.events if isinstance(event, kind)]
