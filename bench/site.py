"""A site that is full of people, made directly in the store, so that no run waits for passwords."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from dependency_injector import providers

from adapters.configuration.settings import Settings
from adapters.persistence.memory.rate_limits import MemoryRateLimits
from adapters.system.plain_hasher import PlainHasher
from application.chat import Chat
from application.hits import ENDLESS
from application.ports.store import Store
from bootstrap import container_for, opened
from domain.ids import RoomId, UserId
from domain.message import Message

READ_AT_ONCE = 2000


@dataclass(frozen=True)
class Site:
    """`secrets`: one session of each person. `room`: the first of the rooms they are all in."""

    url: str
    rooms: list[RoomId]
    people: list[UserId]
    secrets: list[str]

    @property
    def room(self) -> RoomId:
        return self.rooms[0]


@asynccontextmanager
async def chat_on(url: str) -> AsyncIterator[Chat]:
    container = container_for(Settings(database_url=url, welcome_room=""))
    container.hasher.override(providers.Singleton(PlainHasher))
    container.rate_limits.override(providers.Singleton(MemoryRateLimits, container.clock, {}))
    async with opened(container) as chat:
        yield chat


@asynccontextmanager
async def store_at(url: str) -> AsyncIterator[Store]:
    store = container_for(Settings(database_url=url)).store()
    try:
        await store.open("a life for a benchmark")
        yield store
    finally:
        await store.close()


async def make_site(url: str, people: int, *, rooms: int = 1) -> Site:
    """People who are all in `rooms` rooms."""
    site = Site(url, [], [], [])
    async with chat_on(url) as chat:
        for number in range(people):
            user = await chat.register_user(
                username=f"person{number}", password="only for a benchmark"
            )
            if not site.rooms:
                for room in range(rooms):
                    summary = await chat.create_room(user, name=f"room{room}")
                    site.rooms.append(summary.room.id)
            else:
                for room_id in site.rooms:
                    await chat.join_room(user, room_id=room_id)
            site.people.append(user.id)
            site.secrets.append((await chat.open_session(user)).secret)
    return site


async def last_seq(url: str, room: RoomId) -> int:
    async with store_at(url) as store, store.view() as view:
        last = await view.log.list_before(room, ENDLESS, limit=1)
    return last[0].seq


async def check_stored(site: Site, prefix: str, acknowledged: Sequence[str]) -> None:
    """Raises `AssertionError` unless the posts with these keys, and no others that begin with
    `prefix`, are in the site's room, each of them once, and its log has no gap."""
    log = await _log(site)
    assert [each.seq for each in log] == list(range(1, len(log) + 1)), "the log has a gap"
    stored = sorted(each.key for each in log if each.key and each.key.startswith(prefix))
    assert stored == sorted(acknowledged), (
        f"{len(acknowledged)} acknowledged, {len(set(stored))} stored as {len(stored)}"
    )


async def _log(site: Site) -> list[Message]:
    log: list[Message] = []
    async with store_at(site.url) as store, store.view() as view:
        while more := await view.log.replay(site.room, len(log), limit=READ_AT_ONCE):
            log += more
    return log
