"""The hub: every event comes here once, and goes to the sockets of this node that it concerns.

Nothing here awaits while it delivers. What needs the store (a hole in a room's log, a room that
somebody has just joined) or much work (texts that take long to mark up) is left to a task, and
the room goes on from the log.
"""

from collections.abc import Callable, Sequence
from time import perf_counter

from adapters.wire import mark_up_at_once, mark_up_in_turns, room_body
from adapters.ws.connection import Connection
from adapters.ws.greeting import heads_after, in_order, push_missed
from adapters.ws.healing import Healing
from adapters.ws.outbox import Flusher
from adapters.ws.people import People
from adapters.ws.switchboard import Switchboard
from adapters.ws.watcher import Watcher
from application.chat import Chat
from application.ports.notifier import Notifier
from application.tasks import Tasks
from domain.errors import DomainError
from domain.events import (
    Event,
    PersonRenamed,
    PersonTyped,
    PresenceChanged,
    ReadMoved,
    RoomAppended,
    RoomArchived,
    SessionsEnded,
)
from domain.ids import RoomId, UserId
from domain.message import ADMITTING, Kind, Message

GONE_FROM_ROOM = 1000
COME_BACK = 1012

# How long a hole may be filled by what is still on its way, before the log is read. Seconds.
HOLE_PATIENCE = 0.05


class Hub:
    def __init__(self, chat: Chat, notifier: Notifier, flusher: Flusher, watcher: Watcher) -> None:
        self._chat = chat
        self._flusher = flusher
        self._watcher = watcher
        self._tasks = Tasks()
        self._switchboard = Switchboard(notifier)
        self._people = People(self._switchboard)
        self._healing = Healing(chat, self._switchboard.channels, self._healed, self._regathered)
        self._greeting: set[Connection] = set()
        self._handlers: dict[type, Callable[..., None]] = {
            RoomAppended: self._room_appended,
            RoomArchived: self._room_archived,
            PersonTyped: self._people.typed,
            PersonRenamed: self._people.renamed,
            PresenceChanged: self._people.presence_changed,
            ReadMoved: self._people.read_moved,
            SessionsEnded: self._people.sessions_ended,
        }

    def __call__(self, event: Event) -> None:
        """The notifier's listener."""
        if handle := self._handlers.get(type(event)):
            handle(event)

    @property
    def switchboard(self) -> Switchboard:
        return self._switchboard

    @property
    def gaps_healed(self) -> int:
        """How many stretches of messages that nobody told were read from a log so far."""
        return self._healing.gaps

    def enter(self, connection: Connection) -> None:
        """The connection is open. It hears nothing before it is settled, but can be ended."""
        self._switchboard.connect(connection)
        self._people.admit(connection)

    def greet(self, connection: Connection) -> None:
        """Keep what happens from now on for this connection: the snapshot that it is about to
        read can be older than what is told meanwhile, never newer than what is kept."""
        connection.missed.clear()
        self._greeting.add(connection)

    def settle(self, connection: Connection, snapshot: dict[RoomId, int]) -> None:
        """The snapshot is read: its rooms with their last seq. Let the connection hear what came
        after it, and everything from now on."""
        self._greeting.discard(connection)
        connection.settled = True
        events, connection.missed = connection.missed, []
        archived = {event.room_id for event in events if isinstance(event, RoomArchived)}
        missed = in_order(event for event in events if isinstance(event, RoomAppended))
        heads = heads_after(connection, missed, snapshot)
        for room_id in archived:
            heads.pop(room_id, None)
        for room_id in snapshot.keys() - heads.keys():
            reason = "archived" if room_id in archived else Kind.REMOVED
            self._tell_gone(connection, room_id, reason)
        reached = push_missed(connection, missed, heads)
        for room_id, head in reached.items():
            channel = self._switchboard.channels.get(room_id)
            if channel and channel.head > head:
                # The room was cleared while it was not heard of: who is in it cannot be said from
                # what is known here. A rare thing; a new hello settles it.
                connection.end(COME_BACK, "come back")
                return
            self._listen(connection, room_id, head)
        for message in missed:
            if message.seq > reached.get(message.room_id, message.seq):
                self.heal(message.room_id)
        for room_id in heads.keys() - snapshot.keys():
            self._show_room(connection.user.id, room_id)

    def leave(self, connection: Connection) -> None:
        """The connection is gone. Silent if it was already."""
        self._greeting.discard(connection)
        self._switchboard.disconnect(connection)

    def heal(self, room_id: RoomId) -> None:
        """Read from the log what this room was not told."""
        if room_id in self._switchboard.channels:
            self._healing.start(room_id)

    def admit(self, user_id: UserId, room_id: RoomId, head: int) -> None:
        """Nobody may have told that the person is in the room, as of its entry `head`."""
        if room_id in self._switchboard.channels:
            self.heal(room_id)  # Their joining is in what was missed, or has been told.
        elif self._listen_all(user_id, room_id, head):
            self._show_room(user_id, room_id)

    def archive(self, room_id: RoomId) -> None:
        """The room is archived, whether or not that was told before."""
        self._room_archived(RoomArchived(room_id))

    async def close(self) -> None:
        await self._healing.close()
        await self._tasks.cancel()

    # Rooms

    def _room_appended(self, event: RoomAppended) -> None:
        at = perf_counter()
        self._keep(event)
        has_listeners = event.room_id in self._switchboard.channels
        if has_listeners and not mark_up_at_once(event.messages):
            self._tasks.start(self._mark_up(event, at), name=f"mark up {event.room_id}")
        else:
            self._told(event, at)

    async def _mark_up(self, event: RoomAppended, at: float) -> None:
        """What comes meanwhile finds a hole and waits behind it, or in the log."""
        await mark_up_in_turns(event.messages)
        self._told(event, at)

    def _told(self, event: RoomAppended, at: float) -> None:
        channel = self._switchboard.channels.get(event.room_id)
        if channel and not channel.follows(event.messages):
            self._healing.start(event.room_id, patience=HOLE_PATIENCE)
            return
        self._deliver(event.room_id, event.messages)
        if channel:
            self._flusher.told(at)

    def _healed(self, room_id: RoomId, messages: Sequence[Message]) -> None:
        """What was read from the log: nobody was told of it, those being greeted neither."""
        self._keep(RoomAppended(room_id, tuple(messages)))
        self._deliver(room_id, messages)

    def _regathered(self, room_id: RoomId, members: frozenset[UserId], head: int) -> None:
        """What happened up to `head` was cleared before it was read: these are the members now."""
        channel = self._switchboard.channels.get(room_id)
        if channel is None:
            return
        channel.head = head
        for connection in tuple(channel.listeners):
            if connection.user.id not in members:
                self._switchboard.forget(room_id, connection)
                self._tell_gone(connection, room_id, Kind.REMOVED)
        for user_id in members:
            if self._listen_all(user_id, room_id, head):
                self._show_room(user_id, room_id)

    def _keep(self, event: RoomAppended | RoomArchived) -> None:
        for connection in self._greeting:
            connection.missed.append(event)

    def _deliver(self, room_id: RoomId, messages: Sequence[Message]) -> None:
        """Whoever joins in these messages hears what follows their joining, and nothing before."""
        channel = self._switchboard.channels.get(room_id)
        if channel:
            messages = [message for message in messages if message.seq > channel.head]
        stretch: list[Message] = []
        for message in messages:
            stretch.append(message)
            if message.kind in ADMITTING or message.kind is Kind.ROLE_CHANGED:
                self._send(room_id, stretch)
                stretch = []
                self._admit(message)
        self._send(room_id, stretch)

    def _send(self, room_id: RoomId, messages: Sequence[Message]) -> None:
        if channel := self._switchboard.channels.get(room_id):
            self._watcher.delivered(channel.deliver(messages))

    def _admit(self, message: Message) -> None:
        person = message.member
        connections = self._switchboard.connections_of(person.id) if person else ()
        if person is None or not connections:
            return
        if message.kind in ADMITTING:
            self._listen_all(person.id, message.room_id, message.seq)
        self._show_room(person.id, message.room_id)

    def _room_archived(self, event: RoomArchived) -> None:
        self._keep(event)
        channel = self._switchboard.close(event.room_id)
        for connection in channel.listeners if channel else ():
            self._tell_gone(connection, event.room_id, "archived")

    def _expelled(self, connection: Connection, message: Message) -> None:
        self._switchboard.forget(message.room_id, connection)
        self._tell_gone(connection, message.room_id, message.kind)

    def _tell_gone(self, connection: Connection, room_id: RoomId, reason: str) -> None:
        connection.rooms.pop(room_id, None)
        connection.departures += 1
        connection.push("room_gone", room=room_id, reason=reason)
        if connection.only == room_id:
            connection.end(GONE_FROM_ROOM, reason)

    def _listen(self, connection: Connection, room_id: RoomId, head: int) -> None:
        self._switchboard.listen(connection, room_id, head, self._expelled)

    def _listen_all(self, user_id: UserId, room_id: RoomId, head: int) -> bool:
        """Let all connections of the person hear the room. False if all of them did already."""
        deaf = [
            connection
            for connection in self._switchboard.connections_of(user_id)
            if connection.settled and connection.wants(room_id) and room_id not in connection.rooms
        ]
        for connection in deaf:
            self._listen(connection, room_id, head)
        return bool(deaf)

    def _show_room(self, user_id: UserId, room_id: RoomId) -> None:
        """Push the room as this person sees it now to all their connections."""

        async def show() -> None:
            for connection in self._switchboard.connections_of(user_id):
                try:
                    summary = await self._chat.get_room(connection.user, room_id=room_id)
                except DomainError:
                    return  # Gone again, or the store is away: the next hello tells.
                # They may have left while it was read, and even have come back: it is old then.
                since = connection.rooms.get(room_id)
                if since is not None and since <= summary.room.head and summary.membership:
                    connection.push("room", room=room_body(summary))

        self._tasks.start(show(), name=f"show {room_id}")
