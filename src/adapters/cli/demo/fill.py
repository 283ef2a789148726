"""Filling a store through the chat: everything that is true of real messages is true of these."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import accumulate, count, islice, pairwise
from typing import TypeVar

from adapters.cli.demo.cast import Character, Resident, characters
from adapters.cli.demo.programme import Place, Programme, direct_programme
from adapters.cli.demo.progress import Advance
from adapters.cli.demo.talks import Theme, phrasebook, themes
from adapters.cli.demo.telling import tell
from application.chat import Chat
from domain.errors import RoomNameTaken, UsernameTaken
from domain.ids import RoomId
from domain.names import LONGEST

# No more registrations than there are connections to look names up with, and as many rooms as
# keep the store busy: fewer at once make larger batches.
REGISTRATIONS_AT_ONCE, ROOMS_AT_ONCE = 4, 8

# The most that goes to direct rooms: one line of so many.
DIRECT = 5

T = TypeVar("T")
Progress = Callable[[str, int], AbstractContextManager[Advance]]


@dataclass(frozen=True, slots=True)
class Size:
    people: int
    rooms: int
    messages: int


class Demo:
    """Adds to what is there: names that are taken get a number."""

    def __init__(self, chat: Chat, seed: int | None, password: str, progress: Progress) -> None:
        self._chat = chat
        self._chance = random.Random(seed)
        self._password = password
        self._progress = progress
        self.renamed: list[str] = []

    async def fill(self, size: Size) -> Resident:
        """Returns the one to sign in as: they are in every room."""
        residents = await self._settle(size.people)
        places = await self._build(size.rooms, residents)
        directs = await self._open_directs(residents, size.messages // DIRECT)
        await self._talk(size.messages, places, directs, residents[0])
        return residents[0]

    async def _settle(self, number: int) -> list[Resident]:
        residents: dict[int, Resident] = {}
        with self._progress("People", number) as advance:

            async def settle(numbered: tuple[int, Character]) -> None:
                place, character = numbered
                residents[place] = await self._register(character)
                advance()

            # First and alone: the first account of a store owns it, and this one will be shown.
            await settle((0, Character("demo", "Demo", "en")))
            others = enumerate(islice(characters(self._chance), number - 1), start=1)
            await _each(others, settle, at_once=REGISTRATIONS_AT_ONCE)
        return [residents[place] for place in range(number)]

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
            for language, name, theme in islice(themes(), number):
                members = self._members(language, residents)
                room_id = await self._create(name, theme, members[0])
                for resident in members[1:]:
                    await self._chat.join_room(resident.user, room_id=room_id)
                chance = random.Random(self._chance.random())
                places.append(Place(room_id, language, theme, residents[0], chance, members))
                advance()
        return places

    def _members(self, language: str, residents: list[Resident]) -> list[Resident]:
        """Most of those who speak the language, a few who learn it, and the one to sign in as."""
        visitor, *others = residents
        natives = [each for each in others if each.language == language]
        guests = [each for each in others if each.language != language]
        some = self._chance.sample(natives, k=-(-len(natives) * 3 // 4))
        some += self._chance.sample(guests, k=-(-len(guests) // 6))
        return [*some[:1], visitor, *some[1:]]

    async def _create(self, name: str, theme: Theme, owner: Resident) -> RoomId:
        for free in _numbered(name, "-"):
            try:
                summary = await self._chat.create_room(owner.user, name=free, topic=theme.topic)
            except RoomNameTaken:
                continue
            if free != name:
                self.renamed.append(free)
            return summary.room.id
        raise AssertionError("numbers do not end")

    async def _open_directs(self, residents: list[Resident], number: int) -> list[Programme]:
        """Rooms of the first with a friend each, who speaks the same language if there is one."""
        visitor, *others = residents
        others.sort(key=lambda each: each.language != visitor.language)
        talks = phrasebook(visitor.language).direct
        most = number // len(talks)
        programmes: list[Programme] = []
        for direct, friend in zip(talks, others if most else [], strict=False):
            summary = await self._chat.open_direct(friend.user, usernames=[visitor.username])
            programmes.append(
                direct_programme(summary.room.id, direct.lines[:most], visitor, friend)
            )
        return programmes

    async def _talk(
        self, number: int, places: list[Place], directs: list[Programme], visitor: Resident
    ) -> None:
        rest = number - sum(each.length for each in directs)
        shares = _shares(rest, [self._chance.uniform(0.5, 1.5) for _ in places])
        programmes = directs + [
            place.programme(share, calling=index % 2 == 0)
            for index, (place, share) in enumerate(zip(places, shares, strict=True))
        ]
        with self._progress("Messages", number) as advance:

            async def perform(programme: Programme) -> None:
                await tell(self._chat, programme, visitor, advance)

            await _each(programmes, perform, at_once=ROOMS_AT_ONCE)


async def _each(items: Iterable[T], do: Callable[[T], Awaitable[None]], *, at_once: int) -> None:
    waiting = iter(items)

    async def work() -> None:
        for item in waiting:  # All share one iterator: each takes the next when it gets free.
            await do(item)

    async with asyncio.TaskGroup() as workers:
        for _ in range(at_once):
            workers.create_task(work())


def _shares(number: int, weights: list[float]) -> list[int]:
    """The number in parts of about these weights."""
    total = sum(weights)
    bounds = [round(number * reached / total) for reached in accumulate(weights, initial=0.0)]
    return [end - start for start, end in pairwise(bounds)]


def _numbered(name: str, separator: str = "") -> Iterator[str]:
    yield name
    for number in count(2):
        ending = f"{separator}{number}"
        yield name[: LONGEST - len(ending)] + ending
