"""A site that is full of people, made directly in the store, so that no run waits for passwords."""

from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from dependency_injector import providers

from adapters.configuration.settings import Settings
from adapters.persistence.memory.rate_limits import MemoryRateLimits
from adapters.system.plain_hasher import PlainHasher
from bootstrap import container_for, opened


@dataclass(frozen=True)
class Site:
    """`secrets`: one session of each person. `room`: the id of the room they are all in."""

    url: str
    room: str
    secrets: list[str]


@asynccontextmanager
async def chat_on(url: str):
    container = container_for(Settings(database_url=url, welcome_room=""))
    container.hasher.override(providers.Singleton(PlainHasher))
    container.rate_limits.override(providers.Singleton(MemoryRateLimits, container.clock, {}))
    async with opened(container) as chat:
        yield chat


async def make_site(folder: Path, people: int, *, rooms: int = 1) -> Site:
    """People who are all in `rooms` rooms; the first of these is the site's `room`."""
    url = f"sqlite:///{folder / 'bench.db'}"
    secrets = []
    async with chat_on(url) as chat:
        room_ids = []
        for number in range(people):
            user = await chat.register_user(
                username=f"person{number}", password="only for a benchmark"
            )
            if not room_ids:
                for room in range(rooms):
                    summary = await chat.create_room(user, name=f"room{room}")
                    room_ids.append(summary.room.id)
            else:
                for room_id in room_ids:
                    await chat.join_room(user, room_id=room_id)
            secrets.append((await chat.open_session(user)).secret)
    return Site(url, room_ids[0], secrets)


async def stored_texts(site: Site, prefix: str) -> list[str]:
    """All texts of the room that start with `prefix`, in the order of the log."""
    texts: list[str] = []
    async with chat_on(site.url) as chat:
        user = (await chat.authenticate(site.secrets[0])).user
        after = 0
        while True:
            page = await chat.page_messages(user, room_id=site.room, after=after, limit=200)
            texts += [each.text for each in page.messages if each.text.startswith(prefix)]
            if not page.more_after:
                return texts
            after = page.messages[-1].seq
