"""A page of a small room and of a large one: from the first message on, somewhere in the middle,
and the latest."""

import random

from application.ports.store import Unit
from bench.looks import Look
from domain.room import Room

PAGE = 50
_chance = random.Random(0)


async def first(view: Unit, room: Room) -> None:
    assert len(await view.log.list_after(room.id, 0, limit=PAGE)) == PAGE


async def middle(view: Unit, room: Room) -> None:
    """Each time another one, within the middle fifth."""
    place = round(room.head * _chance.uniform(0.4, 0.6))
    page = await view.log.list_before(room.id, place, limit=PAGE)
    assert page[-1].seq == place - 1
    assert len(page) == PAGE


async def latest(view: Unit, room: Room) -> None:
    page = await view.log.list_before(room.id, room.head + 1, limit=PAGE)
    assert page[-1].seq == room.head
    assert len(page) == PAGE


LOOKS: dict[str, Look] = {
    "the first 50": first,
    "50 in the middle": middle,
    "the latest 50": latest,
}
