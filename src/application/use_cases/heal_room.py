from dataclasses import dataclass

from application.ports.store import Store
from domain.ids import RoomId, UserId
from domain.message import ADMITTING, EXPELLING, Message

ENDLESS = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Regathered:
    """All entries that are left after a clearing, and who was a member when it was done."""

    messages: list[Message]
    members: frozenset[UserId]


class HealRoom:
    """Gateways read what a lost notification would have told them. Not for people: who may read
    the entries is settled by the entries themselves, applied in their order."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def heads(self, room_ids: list[RoomId]) -> dict[RoomId, int]:
        """The last seq of each of the rooms; those that are archived, or not there, are left
        out."""
        async with self._store.view() as view:
            return await view.rooms.heads(room_ids)

    async def missed(self, room_id: RoomId, *, after: int, limit: int = 500) -> list[Message]:
        """The next entries of the room's log, ascending."""
        async with self._store.view() as view:
            return await view.log.replay(room_id, after, limit=limit)

    async def regathered(self, room_id: RoomId, *, after: int) -> Regathered:
        """The same where entries behind `after` were cleared before anybody read them: who came
        and went there, no entry tells any more."""
        async with self._store.view() as view:
            messages = await view.log.replay(room_id, after, limit=ENDLESS)
            members = {each.user.id for each in await view.memberships.list_members(room_id)}
        for message in reversed(messages):
            if message.member and message.kind in ADMITTING:
                members.discard(message.member.id)
            elif message.member and message.kind in EXPELLING:
                members.add(message.member.id)
        return Regathered(messages, frozenset(members))

    async def rooms_of(self, user_id: UserId) -> dict[RoomId, int]:
        """The rooms that the person is in now, each with its last seq."""
        async with self._store.view() as view:
            rooms = await view.memberships.list_rooms(user_id)
        return {room.id: room.head for room, _ in rooms}
