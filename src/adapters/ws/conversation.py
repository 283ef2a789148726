"""One client on `/ws`: hello first, then any requests, answered as they are done."""

import asyncio
import logging

from msgspec import to_builtins

from adapters.wire import ErrorBody, encode, error_body, internal_error_body
from adapters.ws import requests
from adapters.ws.connection import Connection
from adapters.ws.frames import text_frame
from adapters.ws.hello import hello_fields, positions
from adapters.ws.hub import Hub
from adapters.ws.pace import Pace, Patience
from adapters.ws.reception import Reception
from adapters.ws.socket import Socket, SocketOptions
from adapters.ws.verbs import Fields, Verbs
from adapters.ws.watcher import Watcher
from application.chat import Chat
from application.tasks import Tasks
from domain.errors import DomainError, Invalid, RateLimited

NO_HELLO = 4400
NOT_A_PROTOCOL = 4400

# How many requests of one client are worked on at once; it is not read from meanwhile.
IN_FLIGHT = 32
# How often in a row nonsense is explained.
PATIENCE_WITH_NONSENSE = 10

# What is answered with messages by the page.
LENGTHY = (requests.Open, requests.Page, requests.Starred)

_log = logging.getLogger(__name__)


class HelloRequired(Invalid):
    code = "hello_required"

    def __init__(self) -> None:
        super().__init__("Say hello first, and once.")


class Conversation:
    def __init__(
        self,
        chat: Chat,
        hub: Hub,
        verbs: Verbs,
        connection: Connection,
        options: SocketOptions,
        *,
        reception: Reception,
        watcher: Watcher,
    ) -> None:
        self._chat = chat
        self._hub = hub
        self._verbs = verbs
        self._connection = connection
        self._options = options
        self._reception = reception
        self._watcher = watcher
        self._tasks = Tasks()
        self._page_turn = asyncio.Lock()
        self._pace = Pace(options.requests_per_second)
        self._greeted = False
        self._at_the_door = False
        self._settling = False
        self._nonsense = 0
        self._patience = Patience()
        self._hello_due: asyncio.TimerHandle

    async def run(self, socket: Socket) -> None:
        """Until the socket ends. What was asked before is still done, though not answered."""
        self._expect_hello(socket)
        try:
            async for text in socket.frames():
                if not self._settling:
                    await self._take(text)
        finally:
            self._hello_due.cancel()
            self._connection.outbox.hurry()
            await self._tasks.finish()

    async def settle(self) -> None:
        """Begin nothing more, and return when everything that was begun is answered: a client
        that goes on asking must not keep the server from stopping. It asks again elsewhere."""
        self._settling = True
        self._connection.outbox.hurry()
        await self._tasks.finish()

    async def _take(self, text: str) -> None:
        try:
            request = requests.decode(text)
        except requests.Malformed as malformed:
            self._explain(malformed)
            return
        self._nonsense = 0
        if wait := self._pace.take(asyncio.get_running_loop().time()):
            self._refuse(request.id, RateLimited(wait))
            return
        if isinstance(request, requests.Hello) or not self._greeted:
            await self._answer(request)
            return
        if len(self._tasks) >= IN_FLIGHT:
            await self._tasks.finish()
        work = self._answer_at_length if isinstance(request, LENGTHY) else self._answer
        self._tasks.start(work(request), name="request")

    async def _answer_at_length(self, request: requests.AnyRequest) -> None:
        """One after another, each when the reader has taken the one before: a few small frames
        must not pile up pages by the hundred megabytes."""
        async with self._page_turn:
            await self._connection.outbox.caught_up()
            if not self._settling:
                await self._answer(request)

    async def _answer(self, request: requests.AnyRequest) -> None:
        try:
            fields = await self._fields(request)
        except DomainError as refusal:
            self._refuse(request.id, refusal)
        except Exception:  # noqa: BLE001  # The edge: logged once, told as `internal`.
            _log.exception("the socket request %s failed", type(request).__name__)
            self._send_error(request.id, internal_error_body())
        else:
            self._patience.answered()
            if fields is not None:
                self._send({"id": request.id, "type": "ok", **fields})

    async def _fields(self, request: requests.AnyRequest) -> Fields | None:
        if not isinstance(request, requests.Hello):
            if not self._greeted:
                raise HelloRequired
            return await self._verbs(self._connection, request)
        if self._greeted:
            raise HelloRequired
        await self._greet(request)
        return None

    async def _greet(self, request: requests.Hello) -> None:
        connection = self._connection
        self._at_the_door = True
        try:
            async with self._reception.counter:
                self._hub.greet(connection)
                greeting = await self._chat.greet(
                    connection.user, connection_id=connection.id, resume=positions(request.resume)
                )
        finally:
            self._at_the_door = False
        self._watcher.resumed(greeting.verdicts)
        # Marked up while others have their turns; what happens meanwhile is kept, as before.
        reader = connection.user.id
        verdicts = [await self._reception.verdict(each, reader) for each in greeting.verdicts]
        # From here to the end nothing awaits: the snapshot, what is replayed and what was
        # missed meanwhile reach the client in this order, and nothing in between.
        self._greeted = True
        hello = hello_fields(greeting, connection.user.person, self._options)
        self._send({"id": request.id, "type": "ok", **hello})
        for verdict in verdicts:
            connection.outbox.answer(verdict)
        heads = {summary.room.id: summary.room.head for summary in greeting.rooms}
        self._hub.settle(connection, heads)

    def _explain(self, malformed: requests.Malformed) -> None:
        """A frame that makes no sense is answered, a client that makes none is not."""
        self._nonsense += 1
        if self._nonsense > PATIENCE_WITH_NONSENSE:
            self._connection.end(NOT_A_PROTOCOL, "not a protocol frame, repeatedly")
        else:
            self._send_error(malformed.request_id, error_body(malformed))

    def _refuse(self, request_id: int | str, refusal: DomainError) -> None:
        self._send_error(request_id, error_body(refusal))
        self._patience.refused(refusal, self._connection.end)

    def _expect_hello(self, socket: Socket) -> None:
        loop = asyncio.get_running_loop()
        self._hello_due = loop.call_later(self._options.hello_seconds, self._miss_hello, socket)

    def _miss_hello(self, socket: Socket) -> None:
        if self._at_the_door:  # It is here, and waits for others to be greeted.
            self._expect_hello(socket)
        elif not self._greeted:
            socket.end(NO_HELLO, "no hello")

    def _send(self, fields: Fields) -> None:
        self._connection.outbox.answer(text_frame(encode(fields)))

    def _send_error(self, request_id: int | str | None, error: ErrorBody) -> None:
        # A frame without a readable id is answered without one.
        about: Fields = {} if request_id is None else {"id": request_id}
        self._send({**about, "type": "error", **to_builtins(error)})
