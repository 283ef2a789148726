"""The gateway: takes sockets in, tells them what happens, and sends them home at the end."""

import asyncio
import contextlib
from collections.abc import Callable
from math import ceil

from aiohttp import web

from adapters.requests import CrossSite, identify, is_cookie_request, require_same_origin
from adapters.ws.beacon import Beacon
from adapters.ws.catching_up import CatchingUp
from adapters.ws.connection import Connection
from adapters.ws.conversation import Conversation
from adapters.ws.dialects import Dialect, PlainDialect, ProtocolDialect
from adapters.ws.handshake import shake_hands, take_over
from adapters.ws.heartbeat import Heartbeat
from adapters.ws.hub import Hub
from adapters.ws.outbox import Flusher
from adapters.ws.plain_conversation import PlainConversation
from adapters.ws.reception import Reception
from adapters.ws.session_watch import SessionWatch
from adapters.ws.socket import Socket, SocketOptions
from adapters.ws.verbs import Verbs
from adapters.ws.watcher import UNWATCHED, Watcher
from application.chat import Chat
from application.ports.id_source import IdSource
from application.ports.notifier import Notifier
from application.tasks import Tasks
from domain.errors import RoomNotFound, ShuttingDown
from domain.ids import ConnectionId, RoomId
from domain.user import User

RESTARTING = 1012
TOO_MANY_CONNECTIONS = 4009

# How long what a client has sent may take to arrive. Seconds.
ON_ITS_WAY = 0.3

# Seconds that requests have to be answered when the server stops.
ANSWERING = 4.0
# Seconds that it may take to note who has left; once more, when it is given up.
LEAVING = 1.0
# How many a node takes in again a second, beside its other work; and the seconds after which
# others would be told that they have gone, however many they are.
RETURNS_PER_SECOND = 400
LONGEST_RETURN = 8

AnyConversation = Conversation | PlainConversation


class SocketGateway:
    def __init__(
        self,
        chat: Chat,
        notifier: Notifier,
        ids: IdSource,
        options: SocketOptions,
        watcher: Watcher = UNWATCHED,
    ) -> None:
        self._chat = chat
        self._notifier = notifier
        self._ids = ids
        self._options = options
        self._watcher = watcher
        self._flusher = Flusher(watcher)
        self._hub = Hub(chat, notifier, self._flusher, watcher)
        self._verbs = Verbs(chat)
        self._catching_up = CatchingUp(chat, self._hub)
        self._beacon = Beacon(self._hub, self._catching_up)
        self._watch = SessionWatch(chat, self._hub.switchboard)
        self._tasks, self._visits, self._closings = Tasks(), Tasks(), Tasks()
        self._reception = Reception()
        self._protocol, self._plain = ProtocolDialect(), PlainDialect()
        self._open: dict[Socket, AnyConversation] = {}
        self._heartbeat = Heartbeat(options.heartbeat, self._open.keys())
        self._unsubscribe: list[Callable[[], None]] = []
        self._draining = False

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/ws", self._converse),
            web.get("/ws/{name}", self._converse_plainly),
        ]

    async def open(self) -> None:
        """Hear what happens from now on."""
        listeners = (self._hub, self._catching_up, self._watch)
        self._unsubscribe = [self._notifier.subscribe(listener) for listener in listeners]
        self._tasks.start(self._beacon.run(), name="beacon")
        self._tasks.start(self._watch.run(), name="session watch")
        self._tasks.start(self._heartbeat.run(), name="heartbeat")

    @property
    def count(self) -> int:
        """How many sockets are open."""
        return len(self._open)

    @property
    def unsent(self) -> int:
        """The bytes for all of them that the kernel has not taken."""
        return sum(socket.outbox.unsent for socket in self._open)

    @property
    def gaps_healed(self) -> int:
        """How many stretches of messages that nobody told were read from a log so far."""
        return self._hub.gaps_healed

    async def close(self, within: float = ANSWERING) -> None:
        """Take nobody in any more, answer what was asked (for so many seconds: a store may hang),
        and close all sockets with a code that says: come back. Returns when they are closed."""
        self._draining = True
        retry_within = self._retry_within()
        for connection in self._hub.switchboard.everybody():
            connection.push("going_away", retry_within=retry_within)
        # What was on its way to here when they read that is answered, too.
        await asyncio.sleep(min(ON_ITS_WAY, within / 2) if self._open else 0)
        settled = [conversation.settle() for conversation in self._open.values()]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*settled), within)
        for socket in tuple(self._open):
            socket.end(RESTARTING, "restarting")
        await self._closings.finish()
        for leave in (self._visits.finish, self._visits.cancel):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(leave(), LEAVING)
        await self._tasks.cancel()  # They only look, and may be waiting for a store that hangs.
        while self._unsubscribe:
            self._unsubscribe.pop()()
        await self._catching_up.close()
        await self._hub.close()

    async def _converse(self, request: web.Request) -> web.StreamResponse:
        connection = await self._admit(request, self._protocol)
        conversation = Conversation(
            self._chat,
            self._hub,
            self._verbs,
            connection,
            self._options,
            reception=self._reception,
            watcher=self._watcher,
        )
        return await self._welcome(request, connection, conversation)

    async def _converse_plainly(self, request: web.Request) -> web.StreamResponse:
        connection = await self._admit(request, self._plain)
        connection.only = await self._join(connection.user, request.match_info["name"])
        conversation = PlainConversation(
            self._chat,
            self._hub,
            self._ids,
            connection,
            self._plain,
            connection.only,
            self._options,
        )
        return await self._welcome(request, connection, conversation)

    async def _admit(self, request: web.Request, dialect: Dialect) -> Connection:
        """Who asks. Before the upgrade, so that a browser on another site learns nothing."""
        if self._draining:
            raise ShuttingDown
        if is_cookie_request(request):
            if "Origin" not in request.headers:  # Browsers always send it with a socket.
                raise CrossSite
            require_same_origin(request, self._options.public_url)
        async with self._reception.door:
            identity = await identify(self._chat, request, stays=True)
        # No more of the identity than this lives as long as the socket does.
        connection_id = ConnectionId(self._ids.new_id())
        return Connection(connection_id, identity.user, identity.session.id, dialect)

    async def _join(self, actor: User, name: str) -> RoomId:
        summary = await self._chat.get_room.named(actor, name)
        if summary.membership is None:
            if not summary.room.is_public:
                raise RoomNotFound
            await self._chat.join_room(actor, room_id=summary.room.id)
        return summary.room.id

    async def _welcome(
        self, request: web.Request, connection: Connection, conversation: AnyConversation
    ) -> web.StreamResponse:
        response = await shake_hands(request)
        socket = take_over(request, self._socket)
        connection.outbox, connection.end = socket.outbox, socket.end
        if self._draining:  # They were let in before, and came too late all the same.
            socket.end(RESTARTING, "restarting")
        elif self._is_one_too_many(connection):
            socket.end(TOO_MANY_CONNECTIONS, "too many connections")
        else:
            self._open[socket] = conversation
            self._hub.enter(connection)
            self._visits.start(self._visit(socket, connection, conversation), name="visit")
        return response

    def _socket(self, transport: asyncio.Transport) -> Socket:
        return Socket(transport, self._options, self._flusher, self._closings, self._watcher)

    async def _visit(
        self, socket: Socket, connection: Connection, conversation: AnyConversation
    ) -> None:
        try:
            await conversation.run(socket)
            await socket.ended()
        finally:
            del self._open[socket]
            self._hub.leave(connection)
            await self._chat.disconnect(connection.user, connection_id=connection.id)

    def _retry_within(self) -> int:
        """The seconds over which those who are here should spread their return."""
        return min(LONGEST_RETURN, max(1, ceil(len(self._open) / RETURNS_PER_SECOND)))

    def _is_one_too_many(self, connection: Connection) -> bool:
        most = self._options.connections_per_user
        there = self._hub.switchboard.connections_of(connection.user.id)
        return most > 0 and len(there) >= most
