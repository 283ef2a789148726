"""A site that is full of people, made directly in the store, so that no run waits for passwords."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from dependency_injector import providers

from adapters.configuration.settings import Settings
from adapters.persistence.memory.rate_limits import MemoryRateLimits
from adapters.system.plain_hasher import PlainHasher
from application.chat import Chat
from application.hits import ENDLESS
from application.ports.store import Store
from application.ports.transfer import Account, Record
from bench.cast import batches, membership, person, room
from bootstrap import container_for, opened
from domain.ids import RoomId, UserId
from domain.message import Message
from domain.room import Room
from domain.user import User

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


async def make_site(url: str, rooms: Sequence[Sequence[int]]) -> Site:
    """People who are in these rooms, each of which is given as the numbers of its members."""
    people = [person(number) for number in range(1 + max(map(max, rooms)))]
    made = [room(number, members=len(members)) for number, members in enumerate(rooms)]
    await _fill(url, people, made, rooms)
    async with chat_on(url) as chat:
        secrets = [(await chat.open_session(each)).secret for each in people]
    return Site(url, [each.id for each in made], [each.id for each in people], secrets)


def everybody(people: int, rooms: int = 1) -> list[range]:
    """All of them in each of the rooms."""
    return [range(people)] * rooms


async def _fill(
    url: str, people: Sequence[User], rooms: Sequence[Room], members: Sequence[Sequence[int]]
) -> None:
    """As a copy from another store does: thousands of people at once."""
    records: list[Record] = [Account(each, "a hash") for each in people]
    records += rooms
    for made, numbers in zip(rooms, members, strict=True):
        records += (membership(made, people[number]) for number in numbers)
    movable = container_for(Settings(database_url=url)).movables(url.partition(":")[0], url)
    async with movable.fill("bench") as filling:
        for batch in batches(records):
            await filling.write(batch)
        await filling.finish(str(UUID(int=0)))


async def last_seq(url: str, room: RoomId) -> int:
    async with store_at(url) as store, store.view() as view:
        last = await view.log.list_before(room, ENDLESS, limit=1)
    return last[0].seq if last else 0


async def check_stored(site: Site, prefix: str, acknowledged: Mapping[str, Sequence[str]]) -> int:
    """How many posts with these keys are in these rooms. Raises `AssertionError` unless all are,
    no others begin with `prefix`, each is there once, and no log has a gap."""
    async with store_at(site.url) as store:
        for room_id, keys in acknowledged.items():
            log = await _log(store, RoomId(room_id))
            assert [each.seq for each in log] == list(range(1, len(log) + 1)), "the log has a gap"
            stored = sorted(each.key for each in log if each.key and each.key.startswith(prefix))
            assert stored == sorted(keys), (
                f"{len(keys)} acknowledged, {len(set(stored))} stored as {len(stored)}"
            )
    return sum(map(len, acknowledged.values()))


async def _log(store: Store, room_id: RoomId) -> list[Message]:
    log: list[Message] = []
    async with store.view() as view:
        while more := await view.log.replay(room_id, len(log), limit=READ_AT_ONCE):
            log += more
    return log
