"""Filling a store through the chat: everything that is true of real messages is true of these."""

import random
from dataclasses import dataclass
from itertools import accumulate, pairwise

from adapters.cli.demo.cast import Resident
from adapters.cli.demo.founders import Founders, Progress
from adapters.cli.demo.pace import each
from adapters.cli.demo.programme import Place, Programme, direct_programme
from adapters.cli.demo.talks import phrasebook
from adapters.cli.demo.telling import tell
from application.chat import Chat

# As many rooms as keep the store busy: fewer at once make larger batches.
ROOMS_AT_ONCE = 8

# The most that goes to direct rooms: one line of so many.
DIRECT = 5


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
        self._founders = Founders(chat, self._chance, password, progress)
        self._progress = progress

    @property
    def renamed(self) -> list[str]:
        return self._founders.renamed

    async def fill(self, size: Size) -> Resident:
        """Returns the one to sign in as: they are in every room."""
        residents = await self._founders.settle(size.people)
        places = await self._founders.build(size.rooms, residents)
        directs = await self._open_directs(residents, size.messages // DIRECT)
        await self._talk(size.messages, places, directs, residents[0])
        return residents[0]

    async def _open_directs(self, residents: list[Resident], number: int) -> list[Programme]:
        """Rooms of the first with a friend each, who speaks the same language if there is one."""
        visitor, *others = residents
        others.sort(key=lambda person: person.language != visitor.language)
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
        rest = number - sum(direct.length for direct in directs)
        shares = _shares(rest, [self._chance.uniform(0.5, 1.5) for _ in places])
        programmes = directs + [
            place.programme(share, calling=index % 2 == 0)
            for index, (place, share) in enumerate(zip(places, shares, strict=True))
        ]
        with self._progress("Messages", number) as advance:

            async def perform(programme: Programme) -> None:
                await tell(self._chat, programme, visitor, advance)

            await each(programmes, perform, at_once=ROOMS_AT_ONCE)


def _shares(number: int, weights: list[float]) -> list[int]:
    """The number in parts of about these weights."""
    total = sum(weights)
    bounds = [round(number * reached / total) for reached in accumulate(weights, initial=0.0)]
    return [end - start for start, end in pairwise(bounds)]
