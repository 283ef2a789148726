"""Stars in memory."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from adapters.persistence.memory.journal import Journal
from adapters.persistence.memory.tables import Tables
from application.ports.star_repository import StarRepository
from domain.ids import RoomId, UserId
from domain.star import Star


class MemoryStarRepository(StarRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._tables = tables
        self._journal = journal

    async def add(self, star: Star) -> None:
        self._journal.require_writable()
        place = (star.room_id, star.seq)
        mine = self._tables.stars[star.user_id]
        if place not in mine:
            here = self._tables.starred_by[star.room_id]
            self._journal.put(mine, place, star)
            self._journal.put(here, star.seq, (*here.get(star.seq, ()), star.user_id))

    async def remove(self, user_id: UserId, room_id: RoomId, seq: int) -> None:
        self._journal.require_writable()
        here = self._tables.starred_by[room_id]
        people = here.get(seq, ())
        if user_id in people:
            self._journal.drop(self._tables.stars[user_id], (room_id, seq))
            self._journal.put(here, seq, tuple(each for each in people if each != user_id))

    async def list_of(
        self, user_id: UserId, *, before: Star | None = None, limit: int
    ) -> list[Star]:
        latest = sorted(self._tables.stars[user_id].values(), key=_order, reverse=True)
        found = (star for star in latest if before is None or _order(star) < _order(before))
        return list(islice(found, limit))

    async def starred(
        self, user_id: UserId, places: Iterable[tuple[RoomId, int]]
    ) -> frozenset[tuple[RoomId, int]]:
        return frozenset(self._tables.stars[user_id].keys() & set(places))


def forget_stars(
    tables: Tables, journal: Journal, room_id: RoomId, *, first: int = 0, last: int
) -> None:
    """Everybody's, from one message of the room to another."""
    here = tables.starred_by[room_id]
    for seq in [seq for seq in here if first <= seq <= last]:
        for user_id in here[seq]:
            journal.drop(tables.stars[user_id], (room_id, seq))
        journal.drop(here, seq)


def _order(star: Star) -> tuple[datetime, RoomId, int]:
    return star.starred_at, star.room_id, star.seq
