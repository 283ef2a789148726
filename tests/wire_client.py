"""A small client of `/ws`, as strict as a good client may be: it keeps everything that it got, in
order, and applies what happens in rooms by seq, so that a test can ask what a reader saw."""

import asyncio
import json
from collections.abc import Callable
from itertools import count
from typing import Any

import aiohttp

# Any: what was sent is what the tests are about.
Frame = dict[str, Any]
PATIENCE = 15.0


class Refused(Exception):
    """The answer was an error."""

    def __init__(self, error: Frame) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.error = error
        self.code: str = error["code"]
        self.field: str | None = error.get("field")


class Rejected(Exception):
    """There was no upgrade: the status, and the code of the problem."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Reader:
    """What a client holds of its rooms: `last` by room, everything `applied` in order, and what
    a client should never see but must survive: `jumps` (room, last, seq)."""

    def __init__(self) -> None:
        self.last: dict[str, int] = {}
        self.applied: dict[str, list[Frame]] = {}
        self.jumps: list[tuple[str, int, int]] = []
        self.seen: list[Frame] = []

    def start(self, room: Frame) -> None:
        """A room as it came in an answer or a push; what is held of it stays."""
        if room["role"] is not None:
            self.last.setdefault(room["id"], room["head"])

    def take(self, push: Frame) -> None:
        match push["type"]:
            case "message":
                self._apply(push["message"])
            case "replay":
                for message in push["messages"]:
                    self._apply(message)
            case "reset":
                self.last[push["room"]] = push["head"]
            case "room":
                self.start(push["room"])
            case "room_gone":
                self.last.pop(push["room"], None)

    def seqs(self, room_id: str) -> list[int]:
        return [message["seq"] for message in self.applied.get(room_id, [])]

    def texts(self, room_id: str) -> list[str]:
        posted = (each for each in self.applied.get(room_id, []) if each["kind"] == "posted")
        return [message["text"] for message in posted]

    def _apply(self, message: Frame) -> None:
        self.seen.append(message)
        room_id, seq = message["room"], message["seq"]
        last = self.last.get(room_id, seq - 1)
        if seq <= last:
            return
        if seq > last + 1:
            self.jumps.append((room_id, last, seq))
        self.last[room_id] = seq
        self.applied.setdefault(room_id, []).append(message)


class WireClient:
    def __init__(
        self,
        session: aiohttp.ClientSession,
        socket: aiohttp.ClientWebSocketResponse,
        secret: str | None,
    ) -> None:
        self.socket = socket
        self.reader = Reader()
        self.received: list[Frame] = []
        self.close_code: int | None = None
        self.secret = secret
        self._session = session
        self._ids = count(1)
        self._untaken: list[Frame] = []
        self._arrived = asyncio.Condition()
        self._task = asyncio.create_task(self._read(), name="wire client")

    @classmethod
    async def connect(
        cls,
        address: str,
        secret: str | None,
        path: str = "/ws",
        *,
        headers: dict[str, str] | None = None,
    ) -> "WireClient":
        """Raises `Rejected` where there is no upgrade. No hello is said."""
        headers = dict(headers or {})
        if secret:
            headers["Authorization"] = f"Bearer {secret}"
        session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        try:
            socket = await session.ws_connect(
                address + path, headers=headers, max_msg_size=0, autoclose=True
            )
        except aiohttp.WSServerHandshakeError as error:
            await session.close()
            raise Rejected(error.status) from error
        except BaseException:
            await session.close()
            raise
        return cls(session, socket, secret)

    async def hello(self, resume: Frame | None = None) -> Frame:
        """Say it and return the answer. With `resume`, what it held is applied on."""
        fields = {} if resume is None else {"resume": resume}
        if resume:
            self.reader.last.update(resume["rooms"])
        return await self.ask("hello", **fields)

    async def ask(self, verb: str, /, **fields: object) -> Frame:
        """The answer to a request. Raises `Refused`."""
        request_id = await self.tell(verb, **fields)
        answer = await self.answer_to(request_id)
        if answer["type"] == "error":
            raise Refused(answer)
        return answer

    async def tell(self, verb: str, /, **fields: object) -> int:
        """Send a request without waiting for its answer; returns its id."""
        request_id = next(self._ids)
        await self.send(json.dumps({"id": request_id, "type": verb, **fields}))
        return request_id

    async def answer_to(self, request_id: int | str) -> Frame:
        return await self.await_frame(lambda frame: frame.get("id") == request_id)

    async def send(self, text: str) -> None:
        await self.socket.send_str(text)

    async def await_push(
        self, kind: str, predicate: Callable[[Frame], bool] = lambda push: True
    ) -> Frame:
        """The first such push that was not returned before."""
        return await self.await_frame(lambda frame: frame["type"] == kind and predicate(frame))

    async def await_message(
        self, text: str | None = None, *, kind: str = "posted", room: str | None = None
    ) -> Frame:
        def fits(push: Frame) -> bool:
            message = push["message"]
            return (
                message["kind"] == kind
                and (text is None or message["text"] == text)
                and (room is None or message["room"] == room)
            )

        message: Frame = (await self.await_push("message", fits))["message"]
        return message

    async def await_frame(self, predicate: Callable[[Frame], bool]) -> Frame:
        found: list[Frame] = []

        def is_here() -> bool:
            found[:] = [frame for frame in self._untaken if predicate(frame)][:1]
            return bool(found) or self._task.done()

        async with asyncio.timeout(PATIENCE), self._arrived:
            await self._arrived.wait_for(is_here)
        if not found:
            raise ConnectionError(f"closed with {self.close_code}")
        self._untaken.remove(found[0])
        return found[0]

    async def await_seq(self, room_id: str, seq: int) -> None:
        """Until this seq is applied."""
        await self.until(lambda: self.reader.last.get(room_id, 0) >= seq)

    async def until(self, condition: Callable[[], bool], *, within: float = PATIENCE) -> None:
        """Until something that what arrives brings about."""
        async with asyncio.timeout(within), self._arrived:
            await self._arrived.wait_for(condition)

    async def closed(self, *, within: float = PATIENCE) -> int | None:
        """The code that the server closes with."""
        async with asyncio.timeout(within):
            await asyncio.wait([self._task])
        return self.close_code

    def pushes(self, kind: str) -> list[Frame]:
        return [frame for frame in self.received if frame["type"] == kind and "id" not in frame]

    async def close(self) -> None:
        await self.socket.close()
        await asyncio.wait([self._task])
        await self._session.close()

    def cut(self) -> None:
        """The line is dead: nothing more is sent, not even that."""
        transport = self.socket._response.connection
        assert transport is not None
        assert transport.transport is not None
        transport.transport.abort()

    async def _read(self) -> None:
        try:
            async for message in self.socket:
                assert message.type is aiohttp.WSMsgType.TEXT, message
                await self._take(json.loads(message.data))
        finally:
            self.close_code = self.socket.close_code
            async with self._arrived:
                self._arrived.notify_all()

    async def _take(self, frame: Frame) -> None:
        self.received.append(frame)
        self._untaken.append(frame)
        if frame.get("type") == "ok":
            for room in frame.get("rooms", [frame["room"]] if "room" in frame else []):
                if "epoch" in frame or "rooms" not in frame:
                    self.reader.start(room)
        elif "type" in frame:
            self.reader.take(frame)
        async with self._arrived:
            self._arrived.notify_all()
