"""Who says what in a room, line by line, before any of it is posted."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count, islice

from adapters.cli.demo.cast import Resident
from adapters.cli.demo.talks import VISITOR, Talk, Theme, calls_visitor, phrasebook, worded
from domain.ids import RoomId

SPEAKERS, VARIANTS = 3, 6

# Replies wait for what they reply to, and edits are commits of their own: once a room has had all
# of them twice, most of its conversations go without, so that a large demo is made quickly.
LIVELY_ROUNDS, LIVELY_LATER = 2, 0.2


@dataclass(slots=True, eq=False)
class Spoken:
    """A line in somebody's mouth. `earlier` is its wording before it was edited."""

    author: Resident
    text: str
    earlier: str | None = None
    gone: bool = False
    to: "Spoken | None" = None
    seq: int = 0  # Given when it is posted.


@dataclass(frozen=True, slots=True)
class Programme:
    """What is said in a room: what the visitor has read already, and what they find new."""

    room_id: RoomId
    read: Iterator[Spoken]
    new: Sequence[Spoken]
    length: int


@dataclass(slots=True)
class Place:
    """A room of one language, with who is in it. The visitor is."""

    room_id: RoomId
    language: str
    theme: Theme
    visitor: Resident
    chance: random.Random
    members: list[Resident] = field(default_factory=list)

    def programme(self, number: int, *, calling: bool) -> Programme:
        """So many lines. `calling`: the last conversation mentions the visitor."""
        last = self.chance.choice([t for t in self.theme.talks if calls_visitor(t) is calling])
        variant = self.chance.randrange(VARIANTS)
        new = self._spoken(last, variant)[: -(-number // 2)]
        before = (
            self._spoken(talk, variant + turn, is_lively=self._is_lively(turn))
            for turn, talk in _endless(self._order(without=last), self.chance)
        )
        return Programme(
            self.room_id, islice(chain.from_iterable(before), number - len(new)), new, number
        )

    def _order(self, *, without: Talk) -> list[Talk]:
        """The room's own conversations, then all the others in its language."""
        own = [talk for talk in self.theme.talks if talk != without]
        others = [t for t in phrasebook(self.language).talks if t not in self.theme.talks]
        self.chance.shuffle(own)
        self.chance.shuffle(others)
        return own + others

    def _is_lively(self, turn: int) -> bool:
        return turn < LIVELY_ROUNDS or self.chance.random() < LIVELY_LATER

    def _spoken(self, talk: Talk, variant: int, *, is_lively: bool = True) -> list[Spoken]:
        # Natives first: they know the language. In a tiny demo, whoever is there.
        others = [each for each in self.members if each is not self.visitor]
        natives = [each for each in others if each.language == self.language]
        if self.visitor.language == self.language and not calls_visitor(talk):
            natives.append(self.visitor)
        able = natives or others or self.members
        speakers = self.chance.sample(able, k=min(SPEAKERS, len(able)))
        cast = {who: speakers[(who - 1) % len(speakers)] for who in range(1, SPEAKERS + 1)}
        lines = spoken(talk, {VISITOR: self.visitor, **cast}, variant)
        return lines if is_lively else [Spoken(line.author, line.text) for line in lines]


def direct_programme(room_id: RoomId, talk: Talk, visitor: Resident, friend: Resident) -> Programme:
    """New is what the friend said last."""
    lines = spoken(talk, {VISITOR: visitor, 1: friend}, 0)
    own = [index for index, line in enumerate(lines, 1) if line.author is visitor]
    answered = max(own, default=0)
    return Programme(room_id, iter(lines[:answered]), lines[answered:], len(lines))


def spoken(talk: Talk, cast: dict[int, Resident], variant: int) -> list[Spoken]:
    names = {who: resident.username for who, resident in cast.items()}
    lines: list[Spoken] = []
    for line in talk:
        text = worded(line.text, names, variant)
        earlier = worded(line.was, names, variant) if line.was else None
        to = lines[line.to - 1] if line.to else None
        lines.append(Spoken(cast[line.who], text, earlier, line.gone, to))
    return lines


def _endless(talks: Sequence[Talk], chance: random.Random) -> Iterator[tuple[int, Talk]]:
    """Round after round, with the number of the round. Each half is shuffled by itself, so that
    nothing comes again before half of everything has been said."""
    early, late = list(talks[: len(talks) // 2]), list(talks[len(talks) // 2 :])
    for turn in count():
        for talk in early + late:
            yield turn, talk
        chance.shuffle(early)
        chance.shuffle(late)
