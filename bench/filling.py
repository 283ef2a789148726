"""A small room in a store of its own, and another one beside a large room, filled as a copy from
another store fills them: the fastest way that goes through the ports."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from adapters.configuration.settings import Settings
from application.ports.transfer import Account, Record
from bench.cast import BEGAN, batches, membership, person, room
from bench.databases import Database
from bench.tables import MIB, Table
from bench.talk import texts
from bootstrap import container_for
from domain.message import Kind, Message
from domain.room import Room
from domain.user import User

AUTHORS = 50


@dataclass(frozen=True)
class Filled:
    """`alone` is the store of the small room, `url` the one that has both. `seconds` are those of
    writing that one, without making up what is written."""

    database: Database
    alone: str
    url: str
    small: Room
    large: Room
    seconds: float
    bytes_on_disk: int

    @property
    def messages(self) -> int:
        return self.small.head + self.large.head


def fill(database: Database, *, small: int, large: int) -> Filled:
    rooms = (room(1, members=AUTHORS, head=small), room(2, members=AUTHORS, head=large))
    alone, url = database.fresh(), database.fresh()
    asyncio.run(_write(alone, rooms[:1]))
    seconds = asyncio.run(_write(url, rooms))
    return Filled(database, alone, url, *rooms, seconds, database.size(url))


def said_at(seq: int) -> datetime:
    """When somebody said it, in every room."""
    return BEGAN + timedelta(seconds=10 * seq)


def table(all_filled: Sequence[Filled]) -> Table:
    made = Table(
        "Filling a store through the ports, 2,000 at a time",
        ["messages", "seconds", "messages/s", "MiB on disk per million"],
    )
    for filled in all_filled:
        made.add_row(
            filled.database.name,
            f"{filled.messages:,}",
            f"{filled.seconds:.0f}",
            f"{filled.messages / filled.seconds:,.0f}",
            f"{filled.bytes_on_disk / filled.messages * 1e6 / MIB:,.0f}",
        )
    return made


async def _write(url: str, rooms: Sequence[Room]) -> float:
    movable = container_for(Settings(database_url=url)).movables(url.partition(":")[0], url)
    seconds = 0.0
    async with movable.fill("bench") as filling:
        for batch in batches(_records(rooms)):
            started = time.perf_counter()
            await filling.write(batch)
            seconds += time.perf_counter() - started
        await filling.finish(str(UUID(int=0)))
    return seconds


def _records(rooms: Sequence[Room]) -> Iterator[Record]:
    users = [person(number) for number in range(AUTHORS)]
    yield from (Account(user, "a hash") for user in users)
    yield from rooms
    for each in rooms:
        yield from (membership(each, user) for user in users)
    for each in rooms:
        yield from _messages(each, users)


def _messages(talked: Room, users: list[User]) -> Iterator[Message]:
    chance = random.Random(talked.id)
    people = [user.person for user in users]
    for seq, text in enumerate(texts(talked.head, seed=talked.head), start=1):
        yield Message(
            room_id=talked.id,
            seq=seq,
            kind=Kind.POSTED,
            author=chance.choice(people),
            text=text,
            key=str(UUID(int=chance.getrandbits(128))),
            at=said_at(seq),
        )
