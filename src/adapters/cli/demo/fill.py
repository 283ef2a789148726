"""Filling a store through the chat: everything that is true of real messages is true of these."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import count, islice
from typing import TypeVar

from adapters.cli.demo.cast import Cast, Character
from adapters.cli.demo.progress import Advance
from adapters.cli.demo.rooms import themes
from application.chat import Chat
from application.posting import Posted
from domain.errors import RoomNameTaken, UsernameTaken
from domain.ids import RoomId
from domain.names import LONGEST
from domain.user import User

# Enough posts on their way for each room to fill its batches, and no more registrations than
# there are connections to look names up with.
POSTS_AT_ONCE, REGISTRATIONS_AT_ONCE = 200, 4

T = TypeVar("T")
Progress = Callable[[str, int], AbstractContextManager[Advance]]


@dataclass(frozen=True, slots=True)
class Size:
    people: int
    rooms: int
    messages: int


@dataclass(frozen=True, slots=True, eq=False)
class Resident:
    character: Character
    user: User


@dataclass(slots=True)
class Place:
    """A room with who is in it, and the seq that was last posted there."""

    room_id: RoomId
    members: list[Resident] = field(default_factory=list)
    last: int | None = None


class Demo:
    """Adds to what is there: names that are taken get a number."""

    def __init__(self, chat: Chat, cast: Cast, password: str, progress: Progress) -> None:
        self._chat = chat
        self._cast = cast
        self._password = password
        self._progress = progress
        self.renamed: list[str] = []

    async def fill(self, size: Size) -> Resident:
        """Returns the one to sign in as: they are in every room."""
        residents = await self._settle(size.people)
        places = await self._build(size.rooms, residents)
        await self._talk(size.messages, places)
        return residents[0]

    async def _settle(self, number: int) -> list[Resident]:
        characters = islice(self._cast.people(), number - 1)
        residents: list[Resident] = []
        with self._progress("People", number) as advance:

            async def settle(character: Character) -> None:
                residents.append(await self._register(character))
                advance()

            # First and alone: the first account of a store owns it, and this one will be shown.
            await settle(Character("demo", "Demo", "en_US"))
            await _each(characters, settle, at_once=REGISTRATIONS_AT_ONCE)
        return residents

    async def _register(self, character: Character) -> Resident:
        for username in _numbered(character.username):
            try:
                user = await self._chat.register_user(
                    username=username,
                    password=self._password,
                    display_name=character.display_name,
                )
            except UsernameTaken:
                continue
            if username != character.username:
                self.renamed.append(username)
            return Resident(character, user)
        raise AssertionError("numbers do not end")

    async def _build(self, number: int, residents: list[Resident]) -> list[Place]:
        places: list[Place] = []
        with self._progress("Rooms", number) as advance:
            for name, topic in islice(themes(), number):
                places.append(await self._furnish(name, topic, residents))
                advance()
        return places

    async def _furnish(self, name: str, topic: str, residents: list[Resident]) -> Place:
        # The one to sign in as is everywhere; of the others, at least a third is in each room.
        most = len(residents)
        some = self._cast.chance.sample(residents, k=self._cast.chance.randint(-(-most // 3), most))
        place = Place(await self._create(name, topic, some[0]), [some[0]])
        for resident in dict.fromkeys([residents[0], *some]):
            if resident is not some[0]:
                await self._chat.join_room(resident.user, room_id=place.room_id)
                place.members.append(resident)
        return place

    async def _create(self, name: str, topic: str, owner: Resident) -> RoomId:
        for free in _numbered(name, "-"):
            try:
                summary = await self._chat.create_room(owner.user, name=free, topic=topic)
            except RoomNameTaken:
                continue
            if free != name:
                self.renamed.append(free)
            return summary.room.id
        raise AssertionError("numbers do not end")

    async def _talk(self, number: int, places: list[Place]) -> None:
        with self._progress("Messages", number) as advance:

            async def post(_: int) -> None:
                await self._post(self._cast.chance.choice(places))
                advance()

            await _each(range(number), post, at_once=POSTS_AT_ONCE)

    async def _post(self, place: Place) -> None:
        chance = self._cast.chance
        author = chance.choice(place.members)
        other = chance.choice(place.members)
        mentioned = other.user.username.value if chance.random() < 0.1 else None
        posted = await self._chat.post_message(
            author.user,
            room_id=place.room_id,
            key=uuid.uuid4().hex,  # Not by the seed: the same key twice would be the same post.
            text=self._cast.says(author.character, to=mentioned),
            reply_to=place.last if chance.random() < 0.08 else None,
        )
        if isinstance(posted, Posted):
            place.last = posted.message.seq


async def _each(items: Iterable[T], do: Callable[[T], Awaitable[None]], *, at_once: int) -> None:
    waiting = iter(items)

    async def work() -> None:
        for item in waiting:  # All share one iterator: each takes the next when it gets free.
            await do(item)

    async with asyncio.TaskGroup() as workers:
        for _ in range(at_once):
            workers.create_task(work())


def _numbered(name: str, separator: str = "") -> Iterator[str]:
    yield name
    for number in count(2):
        ending = f"{separator}{number}"
        yield name[: LONGEST - len(ending)] + ending
