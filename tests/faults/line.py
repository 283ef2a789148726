"""One socket of a client: requests with their answers, and pushes handed on as they come."""

import asyncio
import contextlib
from collections.abc import Callable
from itertools import count
from typing import Any

import aiohttp
import msgspec

# Any: what the server says is what is looked at.
Frame = dict[str, Any]
Then = Callable[[Frame], None]

ANSWER_PATIENCE = 15.0  # Seconds; a database may hang for ten.
CONNECT_PATIENCE = 5.0

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class Refused(Exception):
    """The answer was an error."""

    def __init__(self, error: Frame) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: str = error["code"]
        self.is_temporary: bool = error["temporary"]
        self.retry_after: float = error["retry_after"] or 0.1


class Lost(Exception):
    """There is no socket, or it ended before the answer came."""


class Line:
    """Lives until `ended` returns. Raises `Lost` if there is no upgrade."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, on_push: Callable[[Frame], None]
    ) -> None:
        self._socket = socket
        self._on_push = on_push
        self._ids = count(1)
        self._waiting: dict[int, tuple[asyncio.Future[Frame], Then]] = {}
        self._reading = asyncio.create_task(self._read(), name="line")

    @classmethod
    async def open(
        cls,
        session: aiohttp.ClientSession,
        address: str,
        secret: str,
        on_push: Callable[[Frame], None],
    ) -> "Line":
        headers = {"Authorization": f"Bearer {secret}"}
        try:
            async with asyncio.timeout(CONNECT_PATIENCE):
                socket = await session.ws_connect(
                    f"{address}/ws", headers=headers, max_msg_size=0, autoping=True
                )
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Lost(str(error)) from error
        return cls(socket, on_push)

    @property
    def close_code(self) -> int | None:
        return self._socket.close_code

    @property
    def is_open(self) -> bool:
        return not self._reading.done()

    async def ask(self, verb: str, /, *, then: Then = lambda _: None, **fields: object) -> Frame:
        """Raises `Refused`, and `Lost` where nobody knows. `then` is called with the answer in its
        place among the pushes: whoever awaits it may get it after some that came later."""
        request_id = next(self._ids)
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._waiting[request_id] = answer, then
        try:
            if not self.is_open:
                raise Lost("closed")
            request = {"id": request_id, "type": verb, **fields}
            await self._socket.send_str(_encode(request).decode())
            async with asyncio.timeout(ANSWER_PATIENCE):
                frame = await answer
        except TimeoutError as error:
            raise Lost("no answer in time") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Lost(str(error)) from error
        finally:
            self._waiting.pop(request_id, None)
        if frame["type"] == "error":
            raise Refused(frame)
        return frame

    def cut(self) -> None:
        """Nothing more is sent, not even that."""
        response = self._socket._response
        if response.connection and response.connection.transport:
            response.connection.transport.abort()

    async def ended(self) -> None:
        await asyncio.wait([self._reading])

    async def close(self) -> None:
        with contextlib.suppress(aiohttp.ClientError, OSError):
            await self._socket.close()
        await self.ended()

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                self._take(_decode(message.data))
        finally:
            for answer, _ in self._waiting.values():
                if not answer.done():
                    answer.set_exception(Lost(f"closed with {self._socket.close_code}"))

    def _take(self, frame: Frame) -> None:
        if "id" not in frame:
            self._on_push(frame)
            return
        answer, then = self._waiting.get(frame["id"], (None, None))
        if answer is None or then is None or answer.done():
            return  # Nobody waits for it any more.
        if frame["type"] == "ok":
            then(frame)
        answer.set_result(frame)
