"""A room as one person has it in their list: unread counts, their role, who is in a direct one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from application.access import Access, role_of
from application.ports.message_log import NOTHING_UNREAD, Unread
from application.ports.presence_board import PresenceBoard
from application.ports.store import Unit
from application.profile import Profile
from domain.ids import UserId
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


Joined = Sequence[tuple[Room, Membership]]


async def summarise_each(
    unit: Unit, lists: Sequence[tuple[User, Joined]]
) -> list[list[RoomSummary]]:
    """The rooms of each of these people, in the orders given, by two queries, however many they
    are. Nobody is online in them yet: `with_presence` asks, outside of the unit."""
    unread = await unit.log.count_unread(
        {actor.id: {room.id: mine.read for room, mine in rooms} for actor, rooms in lists}
    )
    users = await _in_direct(unit, [room for _, rooms in lists for room, _ in rooms])
    return [
        [
            RoomSummary(
                room,
                mine,
                role_of(actor, mine),
                unread[actor.id][room.id],
                _others(actor, room, users),
            )
            for room, mine in rooms
        ]
        for actor, rooms in lists
    ]


async def summarise_one(unit: Unit, actor: User, access: Access) -> RoomSummary:
    (summaries,) = await summarise_each(unit, [(actor, [(access.room, access.membership)])])
    return summaries[0]


async def with_presence(
    board: PresenceBoard, summaries: Sequence[RoomSummary]
) -> list[RoomSummary]:
    """The same, with the dots of all their people."""
    ids = {profile.person.id for summary in summaries for profile in summary.people}
    if not ids:
        return list(summaries)
    online = await board.online(ids)
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


async def _in_direct(unit: Unit, rooms: Iterable[Room]) -> dict[UserId, User]:
    """Everybody in the direct ones of these rooms."""
    ids = {user_id for room in rooms for user_id in room.direct_people}
    return {user.id: user for user in await unit.users.list_by_id(ids)} if ids else {}


def _others(actor: User, room: Room, users: Mapping[UserId, User]) -> tuple[Profile, ...]:
    """Of a direct room, by name."""
    others = [users[each] for each in room.direct_people if each != actor.id and each in users]
    others.sort(key=lambda user: user.username.folded)
    return tuple(Profile(user.person, online=False) for user in others)
