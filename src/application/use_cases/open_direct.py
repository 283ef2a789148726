import contextlib
from collections.abc import Sequence

from application.access import Access
from application.people import get_user
from application.ports.clock import Clock
from application.ports.id_source import IdSource
from application.ports.notifier import Notifier
from application.ports.presence_board import PresenceBoard
from application.ports.rate_limits import Action, RateLimits
from application.ports.store import Store, Unit
from application.room_summary import RoomSummary, summarise_one, with_presence
from domain.errors import InvalidField, RoomNameTaken
from domain.events import RoomAppended
from domain.ids import RoomId
from domain.membership import Membership
from domain.message import Entry, Kind, Message
from domain.permissions import Role
from domain.room import Room, Visibility, direct_key
from domain.user import User

MOST_PEOPLE = 8


class OpenDirect:
    """Anybody signed in may talk to others directly. One group of people has one room, made when
    the first of them opens it; nobody else can ever see it."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: IdSource,
        notifier: Notifier,
        board: PresenceBoard,
        limits: RateLimits,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._notifier = notifier
        self._board = board
        self._limits = limits

    async def __call__(self, actor: User, *, usernames: Sequence[str]) -> RoomSummary:
        """Raises `InvalidField` for nobody or too many, `UserNotFound`,
        `UserDisabled`, `RateLimited`."""
        if not 1 <= len(usernames) < MOST_PEOPLE:
            raise InvalidField("users", f"must name 1 to {MOST_PEOPLE - 1} people")
        await self._limits.require(Action.CHANGE_ROOMS, actor.id)
        async with self._store.view() as view:
            people = [await get_user(view, name) for name in usernames]
        everybody = {user.id: user for user in (actor, *people)}
        key = direct_key(everybody)
        # Two of them may open it in the same moment: then there is one already.
        with contextlib.suppress(RoomNameTaken):
            await self._create_unless_there(key, list(everybody.values()))
        return await self._summary(actor, key)

    async def _create_unless_there(self, key: str, people: list[User]) -> None:
        async with self._store.unit() as unit:
            if await unit.rooms.find_direct(key):
                return
            messages = await self._create(unit, key, people)
        self._notifier.publish(RoomAppended(messages[0].room_id, tuple(messages)))

    async def _create(self, unit: Unit, key: str, people: list[User]) -> list[Message]:
        now = self._clock.now()
        room = Room(
            id=RoomId(self._ids.new_id()),
            name=None,
            visibility=Visibility.DIRECT,
            direct_key=key,
            created_at=now,
        )
        entries = [Entry(kind=Kind.JOINED, author=user.person) for user in people]
        messages = [room.receive(entry, at=now) for entry in entries]
        await unit.rooms.add(room)
        for user in people:
            await unit.memberships.add(
                Membership(room_id=room.id, user_id=user.id, role=Role.MEMBER, joined_at=now)
            )
        await unit.log.append(messages)
        return messages

    async def _summary(self, actor: User, key: str) -> RoomSummary:
        async with self._store.view() as view:
            room = await view.rooms.find_direct(key)
            assert room is not None
            membership = await view.memberships.find(room.id, actor.id)
            assert membership is not None
            access = Access(room, membership, membership.role)
            summary = await summarise_one(view, actor, access)
        (seen,) = await with_presence(self._board, [summary])
        return seen
