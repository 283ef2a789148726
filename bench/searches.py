"""Searches of one room: the first page of hits, as `SearchMessages` asks the store for it."""

from dataclasses import replace
from datetime import datetime

from application.hits import ENDLESS
from application.ports.store import Unit
from bench.cast import person_id
from bench.filling import said_at
from bench.looks import Look
from bench.talk import ABSENT, COMMON, PARTED, RARE, RARE_EACH_ROOM, words
from domain.room import Room
from domain.search import parse_query

FIRST_PAGE = 21  # One more than is shown says whether it goes on.

_VOCABULARY = words()
_FREQUENT, _OTHER, _SCARCE = _VOCABULARY[4], _VOCABULARY[9], _VOCABULARY[400]


def searching(
    query: str, *, least: int = 1, most: int = FIRST_PAGE, last_day: bool = False
) -> Look:
    """A look for what somebody types, who expects so many hits."""
    parsed = parse_query(query)
    wanted = parsed.wanted(person_id(7) if parsed.author else None)

    async def search(view: Unit, room: Room) -> None:
        asked = replace(wanted, since=_last_day(room)) if last_day else wanted
        found = await view.log.search(room.id, asked, before=ENDLESS, limit=FIRST_PAGE)
        assert least <= len(found) <= most, f"{query}: {len(found)} hits in {room.head}"

    return search


def _last_day(room: Room) -> datetime:
    return said_at(room.head).replace(hour=0, minute=0, second=0)


LOOKS: dict[str, Look] = {
    "a rare word": searching(RARE, least=RARE_EACH_ROOM, most=RARE_EACH_ROOM),
    "a word of 90 % of the texts": searching(COMMON, least=FIRST_PAGE),
    "a word of 0.3 % of the texts": searching(_SCARCE, least=0),
    "two frequent words": searching(f"{_FREQUENT} {_OTHER}"),
    "a rare and a common word": searching(f"{RARE} {COMMON}"),
    "a rare word and the beginning of a common one": searching(f"{RARE} {COMMON[:3]}*"),
    "a beginning of three letters": searching(f"{_SCARCE[:3]}*"),
    "a beginning of 90 % of the texts": searching(f"{COMMON[:3]}*"),
    "from: an author": searching("from:person7"),
    "from: an author, a common word": searching(f"from:person7 {COMMON}"),
    "a word that is not there": searching(ABSENT, least=0, most=0),
    "a common word, of the first day": searching(f"{COMMON} before:2026-01-02"),
    "a common word, not of the last week": searching(f"{COMMON} before:2026-04-19"),
    "a word of 0.3 % of the texts, of the last day": searching(_SCARCE, least=0, last_day=True),
}

# Where an index of words alone does not help: its hits are many, and hardly one is wanted.
HARD: dict[str, Look] = {
    "two frequent words that never meet": searching(" ".join(PARTED), least=0, most=0),
}
