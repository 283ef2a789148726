"""A room as one person has it in their list: unread counts, their role, who is in a direct one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from application.access import Access, role_of
from application.ports.message_log import NOTHING_UNREAD, Unread
from application.ports.presence_board import PresenceBoard
from application.ports.store import Unit
from application.profile import Profile
from domain.ids import RoomId
from domain.membership import Membership
from domain.permissions import Role
from domain.room import Room
from domain.user import User


@dataclass(frozen=True, slots=True)
class RoomSummary:
    """`membership` and `role`, what the person counts as, are None for a room of the directory
    that the person is not in. `people` are the others of a direct room."""

    room: Room
    membership: Membership | None = None
    role: Role | None = None
    unread: Unread = NOTHING_UNREAD
    people: tuple[Profile, ...] = ()


async def summarise(
    unit: Unit, actor: User, rooms: Sequence[tuple[Room, Membership]]
) -> list[RoomSummary]:
    """In the order given, by two queries, however many they are. Nobody is online in them yet:
    `with_presence` asks, outside of the unit."""
    unread = await unit.log.count_unread(
        actor.id, {room.id: membership.read for room, membership in rooms}
    )
    people = await _others(unit, actor, [room for room, _ in rooms])
    return [
        RoomSummary(
            room,
            membership,
            role_of(actor, membership),
            unread.get(room.id, NOTHING_UNREAD),
            people.get(room.id, ()),
        )
        for room, membership in rooms
    ]


async def summarise_one(unit: Unit, actor: User, access: Access) -> RoomSummary:
    (summary,) = await summarise(unit, actor, [(access.room, access.membership)])
    return summary


async def with_presence(
    board: PresenceBoard, summaries: Sequence[RoomSummary]
) -> list[RoomSummary]:
    """The same, with the dots of all their people."""
    ids = {profile.person.id for summary in summaries for profile in summary.people}
    online = await board.online(ids) if ids else frozenset()
    return [
        replace(
            summary,
            people=tuple(
                replace(profile, online=profile.person.id in online) for profile in summary.people
            ),
        )
        if summary.people
        else summary
        for summary in summaries
    ]


async def _others(
    unit: Unit, actor: User, rooms: Sequence[Room]
) -> dict[RoomId, tuple[Profile, ...]]:
    """Of each direct room, by name."""
    ids = {user_id for room in rooms for user_id in room.direct_people}
    users = await unit.users.list_by_id(ids - {actor.id}) if ids else []
    users.sort(key=lambda user: user.username.folded)
    return {
        room.id: tuple(
            Profile(user.person, online=False) for user in users if user.id in room.direct_people
        )
        for room in rooms
        if room.is_direct
    }
