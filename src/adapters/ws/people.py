"""What is told of people rather than of rooms: who is online, who types, who has read or left."""

from collections.abc import Iterable

from adapters.wire import user_body
from adapters.ws.connection import Connection, push_all
from adapters.ws.switchboard import Switchboard
from domain.events import (
    PersonRenamed,
    PersonTyped,
    PresenceChanged,
    ReadMoved,
    SessionsEnded,
)
from domain.ids import RoomId, SessionId

SESSION_ENDED = 4001

# How many ended sessions are remembered for those who are just coming in.
ENDED_SESSIONS = 10_000


class People:
    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard
        self._ended: dict[SessionId, None] = {}

    def admit(self, connection: Connection) -> None:
        """End it if its session has ended since it was looked at, at the door."""
        if connection.session_id in self._ended:
            connection.end(SESSION_ENDED, "signed out")

    def typed(self, event: PersonTyped) -> None:
        listeners = self._switchboard.listeners(event.room_id)
        others = [each for each in listeners if each.user.id != event.person.id]
        push_all(others, "typing", room=event.room_id, user=user_body(event.person))

    def presence_changed(self, event: PresenceChanged) -> None:
        user = user_body(event.person)
        user.online = event.online
        push_all(self._hearers(event.room_ids), "presence", user=user, online=event.online)

    def renamed(self, event: PersonRenamed) -> None:
        mine = self._switchboard.connections_of(event.person.id)
        for connection in mine:
            connection.user.display_name = event.person.display_name
        push_all(mine | self._hearers(event.room_ids), "person", user=user_body(event.person))

    def read_moved(self, event: ReadMoved) -> None:
        push_all(
            self._switchboard.connections_of(event.user_id),
            "read",
            room=event.room_id,
            read=event.read,
            unread=event.unread,
            mentions=event.mentions,
        )

    def sessions_ended(self, event: SessionsEnded) -> None:
        self._ended.update(dict.fromkeys(event.session_ids))
        while len(self._ended) > ENDED_SESSIONS:
            del self._ended[next(iter(self._ended))]
        for connection in self._switchboard.connections_of(event.user_id):
            self.admit(connection)

    def _hearers(self, room_ids: Iterable[RoomId]) -> set[Connection]:
        return {each for room_id in room_ids for each in self._switchboard.listeners(room_id)}
