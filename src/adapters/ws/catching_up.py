"""Where other nodes could not be heard for a while, the store is asked what they may have told."""

from collections.abc import Collection

from adapters.ws.hub import Hub
from application.chat import Chat
from application.tasks import Tasks
from domain.errors import DomainError
from domain.events import Event, PeopleMissed, RoomsMissed
from domain.ids import RoomId


class CatchingUp:
    """Many rooms that are missed at the same time cost one look."""

    def __init__(self, chat: Chat, hub: Hub) -> None:
        self._chat = chat
        self._hub = hub
        self._rooms: set[RoomId] = set()
        self._people = False
        self._tasks = Tasks()

    def __call__(self, event: Event) -> None:
        """A listener of the notifier."""
        match event:
            case RoomsMissed(room_ids):
                if not self._rooms:
                    self._tasks.start(self._catch_up_rooms(), name="catch up rooms")
                self._rooms.update(room_ids)
            case PeopleMissed():
                if not self._people:
                    self._tasks.start(self._catch_up_people(), name="catch up people")
                self._people = True
            case _:
                pass

    async def look(self, room_ids: Collection[RoomId]) -> None:
        """Heal those of the rooms of which more is in the store than was sent, and close those
        that are archived. Raises `StoreUnavailable`."""
        heads = await self._chat.heal_room.heads(list(room_ids))
        sent = self._hub.switchboard.heads()
        for room_id in sent.keys() & set(room_ids):
            if room_id not in heads:
                self._hub.archive(room_id)
            elif heads[room_id] > sent[room_id]:
                self._hub.heal(room_id)

    async def close(self) -> None:
        await self._tasks.cancel()

    async def _catch_up_rooms(self) -> None:
        rooms, self._rooms = self._rooms, set()
        try:
            await self.look(rooms)
        except DomainError:
            return  # The store is away: the beacon looks at all of them.

    async def _catch_up_people(self) -> None:
        """Whoever was made a member meanwhile did not hear of it."""
        self._people = False
        for user_id in self._hub.switchboard.people():
            try:
                rooms = await self._chat.heal_room.rooms_of(user_id)
            except DomainError:
                return  # The store is away: the next hello tells.
            for room_id in rooms.keys() - self._hub.switchboard.rooms_of(user_id):
                self._hub.admit(user_id, room_id, rooms[room_id])
