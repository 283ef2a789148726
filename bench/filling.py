"""A small room in a store of its own, and another one beside a large room, filled as a copy from
another store fills them: the fastest way that goes through the ports."""

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from adapters.configuration.settings import Settings
from application.ports.transfer import Account, Record
from bench.databases import Database
from bench.talk import texts
from bootstrap import container_for
from domain.ids import RoomId, UserId
from domain.membership import Membership
from domain.message import Kind, Message
from domain.names import RoomName, Username
from domain.permissions import Role
from domain.room import Room, Visibility
from domain.user import SiteRole, User

AUTHORS = 50
BATCH = 2_000
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


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
    rooms = _room(1, small), _room(2, large)
    alone, url = database.fresh(), database.fresh()
    asyncio.run(_write(alone, rooms[:1]))
    seconds = asyncio.run(_write(url, rooms))
    return Filled(database, alone, url, *rooms, seconds, database.size(url))


async def _write(url: str, rooms: Sequence[Room]) -> float:
    movable = container_for(Settings(database_url=url)).movables(url.partition(":")[0], url)
    seconds = 0.0
    async with movable.fill("bench") as filling:
        for batch in _batches(_records(rooms)):
            started = time.perf_counter()
            await filling.write(batch)
            seconds += time.perf_counter() - started
        await filling.finish(str(UUID(int=0)))
    return seconds


def author_id(number: int) -> UserId:
    return UserId(_id(1, number))


def _room(number: int, size: int) -> Room:
    return Room(
        id=RoomId(_id(2, number)),
        name=RoomName(f"room{number}"),
        visibility=Visibility.PUBLIC,
        created_at=BEGAN,
        head=size,
        members=AUTHORS,
    )


def _records(rooms: Sequence[Room]) -> Iterator[Record]:
    users = [_user(number) for number in range(AUTHORS)]
    yield from (Account(user, "a hash") for user in users)
    yield from rooms
    for room in rooms:
        for user in users:
            role = Role.OWNER if user is users[0] else Role.MEMBER
            yield Membership(room_id=room.id, user_id=user.id, joined_at=BEGAN, role=role)
    for room in rooms:
        yield from _messages(room, users)


def _messages(room: Room, users: list[User]) -> Iterator[Message]:
    chance = random.Random(room.id)
    people = [user.person for user in users]
    for seq, text in enumerate(texts(room.head, seed=room.head), start=1):
        yield Message(
            room_id=room.id,
            seq=seq,
            kind=Kind.POSTED,
            author=chance.choice(people),
            text=text,
            key=str(UUID(int=chance.getrandbits(128))),
            at=BEGAN + timedelta(seconds=10 * seq),
        )


def _user(number: int) -> User:
    return User(
        id=author_id(number),
        username=Username(f"person{number}"),
        display_name=f"Person {number}",
        created_at=BEGAN,
        site_role=SiteRole.MEMBER if number else SiteRole.OWNER,
    )


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    while batch := list(islice(records, BATCH)):
        yield batch


def _id(kind: int, number: int) -> str:
    return str(UUID(int=(0x019B << 112) | (0x7 << 76) | (0x8 << 60) | (kind << 32) | number))
