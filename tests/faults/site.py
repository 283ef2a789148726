"""A site with people and rooms, made directly in the store before any node runs; and what its
logs hold when all is over."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from dependency_injector import providers

from adapters.system.plain_hasher import PlainHasher
from bootstrap import Container, container_for, opened
from domain.ids import RoomId
from domain.message import ADMITTING, CHANGES, EXPELLING, Kind, Message
from tests.faults.clients import Account
from tests.faults.history import Entry, Logs
from tests.kit import PASSWORD, memory_settings

AT_ONCE = 1000
OWNER = "olga"


@dataclass(frozen=True)
class Site:
    """`rooms` are ids. The owner is in all rooms, and so are the members; guests are in none."""

    url: str
    rooms: list[str]
    accounts: Mapping[str, Account]


async def settle(
    url: str, members: Sequence[str], *, guests: Sequence[str] = (), rooms: int = 1
) -> Site:
    async with _chat(url) as container:
        chat = container.chat()
        users = {
            name: await chat.create_user(username=name, password=PASSWORD)
            for name in (OWNER, *members, *guests)
        }
        room_ids = []
        for number in range(rooms):
            summary = await chat.create_room(users[OWNER], name=f"room{number}")
            room_ids.append(summary.room.id)
            for name in members:
                await chat.join_room(users[name], room_id=summary.room.id)
        accounts = {
            name: Account(name, (await chat.open_session(user)).secret)
            for name, user in users.items()
        }
    return Site(url, list(room_ids), accounts)


async def logs_of(site: Site) -> Logs:
    """Read from the store itself: whatever nodes believe, this is what is kept."""
    async with _chat(site.url) as container:
        return {room: [_entry(each) for each in await _log(container, room)] for room in site.rooms}


async def _log(container: Container, room: str) -> list[Message]:
    log: list[Message] = []
    async with container.store().view() as view:
        while more := await view.log.replay(RoomId(room), log[-1].seq if log else 0, limit=AT_ONCE):
            log += more
    return log


def _entry(message: Message) -> Entry:
    author = message.author.username if message.author else None
    member = message.member.username if message.member else None
    subject = message.subject.username if message.subject else author
    posted = message.kind is Kind.POSTED
    return Entry(
        message.seq,
        (message.text or "").partition(" ")[0] if posted else f"{message.kind} {subject or ''}",
        author,
        posted=posted,
        listed=message.kind not in CHANGES,
        admits=member if message.kind in ADMITTING else None,
        expels=member if message.kind in EXPELLING else None,
    )


@asynccontextmanager
async def _chat(url: str) -> AsyncIterator[Container]:
    container = container_for(memory_settings(database_url=url))
    container.hasher.override(providers.Singleton(PlainHasher))
    async with opened(container):
        yield container
