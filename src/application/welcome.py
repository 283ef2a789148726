"""The welcome room: made with the first account, joined by every new one, so that nobody's first
look at the chat is an empty page."""

import logging
from datetime import datetime

from application.ports.clock import Clock
from application.ports.id_source import IdSource
from application.ports.store import Store
from application.room_writer import RoomWriter, Turn
from domain.errors import DomainError
from domain.ids import RoomId
from domain.membership import Membership
from domain.message import Entry, Kind
from domain.names import RoomName
from domain.permissions import Role
from domain.room import Room, Visibility
from domain.user import User

_log = logging.getLogger(__name__)

GREETING = (
    "Welcome to Besedka! Rooms are in the sidebar: open one, or make your own. "
    "Type `/` to see the commands and `@` to mention somebody. "
    "Everything said here is kept, in order, and found again when you come back."
)


class Welcome:
    """`name` is the room's; an empty one means that there is none."""

    def __init__(
        self, store: Store, clock: Clock, ids: IdSource, writer: RoomWriter, name: str
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._writer = writer
        self._name = RoomName(name) if name else None

    async def show_in(self, user: User) -> None:
        """Make the user a member of the welcome room, and its owner if they own the site or find
        it deserted. An account is made whether or not this can be done now."""
        if self._name is None:
            return
        try:
            await self._show_in(self._name, user)
        except DomainError as error:
            _log.warning("%s was not shown into the welcome room: %s", user.id, error)

    async def _show_in(self, name: RoomName, user: User) -> None:
        room_id = await self._find(name)
        if room_id is None:
            if not user.is_site_owner:
                return  # It was renamed or archived by its owner, who wants none.
            room_id = await self._create(name)

        async def join(turn: Turn) -> None:
            await _join(turn, user, self._clock.now())

        await self._writer.change(room_id, join)

    async def _find(self, name: RoomName) -> RoomId | None:
        async with self._store.view() as view:
            room = await view.rooms.find_by_name(name.folded)
        return room.id if room and room.is_public else None

    async def _create(self, name: RoomName) -> RoomId:
        room = Room(
            id=RoomId(self._ids.new_id()),
            name=name,
            visibility=Visibility.PUBLIC,
            created_at=self._clock.now(),
        )
        greeting = Entry(kind=Kind.POSTED, author=None, text=GREETING)
        message = room.receive(greeting, at=room.created_at)
        async with self._store.unit() as unit:
            await unit.rooms.add(room)
            await unit.log.append([message])
        return room.id


async def _join(turn: Turn, user: User, at: datetime) -> None:
    members = await turn.unit.memberships.list_members(turn.room.id)
    if members and not any(member.user.is_site_owner for member in members):
        return  # Whoever made a room of that name must not be handed every newcomer.
    owns = user.is_site_owner or not members
    await turn.unit.memberships.add(
        Membership(
            room_id=turn.room.id,
            user_id=user.id,
            role=Role.OWNER if owns else Role.MEMBER,
            joined_at=at,
            # What was said before they came is history, not news.
            read=0 if user.is_site_owner else turn.room.head,
        )
    )
    turn.receive(Entry(kind=Kind.JOINED, author=user.person))
