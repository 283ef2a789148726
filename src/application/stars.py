"""Which of some messages their reader has starred: one question, however many they are."""

from collections.abc import Iterable

from application.ports.store import Unit
from domain.ids import RoomId
from domain.message import Message
from domain.user import User

Starred = frozenset[tuple[RoomId, int]]  # By room and seq.
NOTHING_STARRED: Starred = frozenset()


async def starred_among(unit: Unit, reader: User, messages: Iterable[Message]) -> Starred:
    places = [(message.room_id, message.seq) for message in messages if message.is_living_post]
    return await unit.stars.starred(reader.id, places) if places else NOTHING_STARRED
