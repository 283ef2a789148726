from dataclasses import dataclass

from application.access import role_of
from application.ports.store import Store
from application.room_summary import RoomSummary
from domain.membership import Membership
from domain.names import sought
from domain.room import Room
from domain.user import User

MOST = 200


@dataclass(frozen=True, slots=True)
class Directory:
    """`more`: there are further rooms after the last of these."""

    rooms: list[RoomSummary]
    more: bool


class ListRooms:
    """The directory: every public room and the actor's own private ones."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(
        self, actor: User, *, query: str = "", after: str = "", limit: int = 50
    ) -> Directory:
        """By name; `query` is a part of the name, `after` the last name of the page before."""
        part, last = sought(query.strip()), sought(after)
        if part is None or last is None:
            return Directory([], more=False)
        limit = max(1, min(limit, MOST))
        async with self._store.view() as view:
            rooms = await view.rooms.list_visible(actor.id, query=part, after=last, limit=limit + 1)
            mine = {
                room.id: membership
                for room, membership in await view.memberships.list_rooms(actor.id)
            }
        shown = [_shown(actor, room, mine.get(room.id)) for room in rooms[:limit]]
        return Directory(shown, more=len(rooms) > limit)


def _shown(actor: User, room: Room, membership: Membership | None) -> RoomSummary:
    return RoomSummary(room, membership, role_of(actor, membership) if membership else None)
