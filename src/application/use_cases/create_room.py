from application.ports.clock import Clock
from application.ports.id_source import IdSource
from application.ports.notifier import Notifier
from application.ports.rate_limits import Action, RateLimits
from application.ports.store import Store
from application.room_summary import RoomSummary
from domain.errors import InvalidField
from domain.events import RoomAppended
from domain.ids import RoomId
from domain.membership import Membership
from domain.message import Entry, Kind
from domain.names import RoomName
from domain.permissions import Role
from domain.room import Room, Visibility, checked_topic
from domain.user import User


class CreateRoom:
    """Anybody signed in may make a room, public or private, and owns it."""

    def __init__(
        self, store: Store, clock: Clock, ids: IdSource, notifier: Notifier, limits: RateLimits
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._notifier = notifier
        self._limits = limits

    async def __call__(
        self,
        actor: User,
        *,
        name: str,
        topic: str = "",
        visibility: str = Visibility.PUBLIC,
    ) -> RoomSummary:
        """Raises `InvalidField`, `RoomNameTaken`."""
        if visibility not in {Visibility.PUBLIC, Visibility.PRIVATE}:
            raise InvalidField("visibility", "must be public or private")
        now = self._clock.now()
        room = Room(
            id=RoomId(self._ids.new_id()),
            name=RoomName(name),
            topic=checked_topic(topic),
            visibility=Visibility(visibility),
            created_at=now,
        )
        await self._limits.require(Action.CHANGE_ROOMS, actor.id)
        message = room.receive(Entry(kind=Kind.JOINED, author=actor.person), at=now)
        membership = Membership(
            room_id=room.id, user_id=actor.id, role=Role.OWNER, joined_at=now, read=room.head
        )
        async with self._store.unit() as unit:
            await unit.rooms.add(room)
            await unit.memberships.add(membership)
            await unit.log.append([message])
        self._notifier.publish(RoomAppended(room.id, (message,)))
        return RoomSummary(room, membership, membership.role)
