"""One client on `/ws/{room name}`: a line in is a message or a command, JSON comes out."""

import asyncio
import logging

from adapters.ws.connection import Connection
from adapters.ws.dialects import PlainDialect
from adapters.ws.hub import GONE_FROM_ROOM, Hub
from adapters.ws.pace import Pace, Patience
from adapters.ws.socket import Socket, SocketOptions
from application.chat import Chat
from application.ports.id_source import IdSource
from application.use_cases.post_message import CommandOutput
from domain.errors import DomainError, RateLimited
from domain.ids import RoomId

CLOSED_BY_WORD = 1000
TRY_AGAIN_LATER = 1013
CLOSE = "close"

_log = logging.getLogger(__name__)


class PlainConversation:
    def __init__(
        self,
        chat: Chat,
        hub: Hub,
        ids: IdSource,
        connection: Connection,
        dialect: PlainDialect,
        room_id: RoomId,
        options: SocketOptions,
    ) -> None:
        self._chat = chat
        self._hub = hub
        self._ids = ids
        self._connection = connection
        self._dialect = dialect
        self._room_id = room_id
        self._pace = Pace(options.requests_per_second)
        self._patience = Patience()
        self._line = asyncio.Lock()
        self._settling = False

    async def run(self, socket: Socket) -> None:
        """Until the socket ends, or the client says `close`."""
        try:
            await self._enter()
        except DomainError as refusal:  # Removed again already, or the store is away.
            self._note(refusal.message)
            socket.end(TRY_AGAIN_LATER if refusal.temporary else GONE_FROM_ROOM, refusal.code)
            return
        async for text in socket.frames():
            if text.strip() == CLOSE:
                socket.end(CLOSED_BY_WORD, CLOSE)
                return
            async with self._line:
                if not self._settling:
                    await self._take(text)

    async def settle(self) -> None:
        """Begin nothing more, and return when the line that was begun is done."""
        self._settling = True
        self._connection.outbox.hurry()
        async with self._line:
            pass

    async def _take(self, text: str) -> None:
        if wait := self._pace.take(asyncio.get_running_loop().time()):
            self._refuse(RateLimited(wait))
        else:
            await self._say(text)

    async def _enter(self) -> None:
        connection, room_id = self._connection, self._room_id
        self._hub.greet(connection)
        greeting = await self._chat.greet(connection.user, connection_id=connection.id)
        heads = {
            summary.room.id: summary.room.head
            for summary in greeting.rooms
            if summary.room.id == room_id
        }
        self._hub.settle(connection, heads)
        await self._chat.open_room(
            connection.user, room_id=room_id, connection_id=connection.id, limit=1
        )

    async def _say(self, text: str) -> None:
        try:
            posted = await self._chat.post_message(
                self._connection.user, room_id=self._room_id, key=self._ids.new_id(), text=text
            )
        except DomainError as refusal:
            self._refuse(refusal)
        except Exception:  # noqa: BLE001  # The edge: logged once.
            _log.exception("a line on a plain socket failed")
            self._note("Something went wrong here.")
        else:
            self._patience.answered()
            if isinstance(posted, CommandOutput):
                self._note(posted.text)

    def _refuse(self, refusal: DomainError) -> None:
        self._note(refusal.message)
        self._patience.refused(refusal, self._connection.end)

    def _note(self, text: str) -> None:
        self._connection.outbox.put(self._dialect.note(text))
