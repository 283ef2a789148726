"""People and rooms for the demo. Names that are taken get a number."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import count, islice

from adapters.cli.demo.cast import Character, Resident, characters
from adapters.cli.demo.pace import each
from adapters.cli.demo.programme import Place
from adapters.cli.demo.talks import Theme, themes
from adapters.cli.progress import Advance
from application.chat import Chat
from domain.errors import RoomNameTaken, UsernameTaken
from domain.ids import RoomId
from domain.names import LONGEST

# No more than there are connections to look names up with.
REGISTRATIONS_AT_ONCE = 4

Progress = Callable[[str, int], AbstractContextManager[Advance]]


class Founders:
    def __init__(
        self, chat: Chat, chance: random.Random, password: str, progress: Progress
    ) -> None:
        self._chat = chat
        self._chance = chance
        self._password = password
        self._progress = progress
        self.renamed: list[str] = []

    async def settle(self, number: int) -> list[Resident]:
        residents: dict[int, Resident] = {}
        with self._progress("People", number) as advance:

            async def register(numbered: tuple[int, Character]) -> None:
                place, character = numbered
                residents[place] = await self._register(character)
                advance()

            # First and alone: the first account of a store owns it, and this one will be shown.
            await register((0, Character("demo", "Demo", "en")))
            others = enumerate(islice(characters(self._chance), number - 1), start=1)
            await each(others, register, at_once=REGISTRATIONS_AT_ONCE)
        return [residents[place] for place in range(number)]

    async def _register(self, character: Character) -> Resident:
        for username in _numbered(character.username):
            try:
                user = await self._chat.create_user(
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

    async def build(self, number: int, residents: list[Resident]) -> list[Place]:
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
        natives = [person for person in others if person.language == language]
        guests = [person for person in others if person.language != language]
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


def _numbered(name: str, separator: str = "") -> Iterator[str]:
    yield name
    for number in count(2):
        ending = f"{separator}{number}"
        yield name[: LONGEST - len(ending)] + ending
