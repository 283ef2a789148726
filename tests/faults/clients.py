"""Clients as docs/protocol.md wants them: they come back after a random while, resume where they
were, page where they see a jump, and repeat under the same key what was not answered."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random

import aiohttp

from application.tasks import Tasks
from tests.faults.history import Ack, Back, Cut, Fail, History, Invoke, Page, Unknown
from tests.faults.holdings import Holdings, what_is
from tests.faults.line import Frame, Line, Lost, Refused

# How long a client waits before it comes back. The rest is the server's to be told of.
SOONEST, LATEST = 0.05, 0.5  # Seconds.
PAGE = 100

# No two clients of a history have the same name.
_numbers = count()


@dataclass(frozen=True, slots=True)
class Door:
    """Where a node is found. It keeps its address when it is started again."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    secret: str


class Client:
    """Keeps a socket to the first of its doors that opens. `on_message` hears what is live."""

    def __init__(
        self,
        history: History,
        session: aiohttp.ClientSession,
        account: Account,
        doors: Sequence[Door],
        random: Random,
    ) -> None:
        self.account = account
        self.node = doors[0].name
        self.name = f"{account.name}/{self.node}/{next(_numbers)}"
        self.holdings = Holdings(history, self.name, account.name, self._catch_up)
        self.on_message: Callable[[Frame], None] | None = None
        self._history = history
        self._session = session
        self._doors = doors
        self._random = random
        self._attempts = 0
        self._retry_within = LATEST
        self._line: Line | None = None
        self._greeted = asyncio.Event()
        self._tasks = Tasks()
        self._stopping = False
        self._is_sent_away = False

    async def run(self) -> None:
        """Until it is cancelled."""
        try:
            while True:
                await self._stay()
                await self.pause()
        finally:
            self._stopping = True
            await self._tasks.cancel()

    async def pause(self) -> None:
        """Before it comes back."""
        await asyncio.sleep(self._random.uniform(SOONEST, self._retry_within))

    async def line(self) -> Line:
        """The socket, when there is one on which hello was said, and may more be said."""
        while True:
            await self._greeted.wait()
            if self._line and self._line.is_open and not self._is_sent_away:
                return self._line
            await asyncio.sleep(0.001)  # It has just ended, or is about to.

    @property
    def is_connected(self) -> bool:
        return self._greeted.is_set()

    def cut(self) -> None:
        """The line is dead, and the node learns it by a reset."""
        if self._line:
            self._line.cut()

    async def _stay(self) -> None:
        """From a hello to the end of its socket, whatever ends it."""
        door = self._doors[self._attempts % len(self._doors)]
        line = None
        with contextlib.suppress(Lost, Refused):
            try:
                line = await Line.open(
                    self._session, door.address, self.account.secret, self._pushed
                )
                await line.ask("hello", then=self._welcomed, **self._resume())
                self._line, self.node = line, door.name
                self._history.record(Back(self.name, door.name))
                self._greeted.set()
                await line.ended()
            finally:
                if line:
                    await self._left(line, door)
        self._attempts += 1

    async def _left(self, line: Line, door: Door) -> None:
        was_greeted = self._greeted.is_set()
        self._greeted.clear()
        self._line = None
        await line.close()
        if was_greeted and not self._stopping and asyncio.current_task().cancelling() == 0:
            self._history.record(Cut(self.name, door.name, line.close_code))

    def _resume(self) -> Frame:
        resume = self.holdings.resume
        return {"resume": resume} if resume else {}

    def _welcomed(self, answer: Frame) -> None:
        self._retry_within = LATEST
        self._is_sent_away = False
        self.holdings.greeted(answer)

    def _pushed(self, push: Frame) -> None:
        if push["type"] == "going_away":
            self._is_sent_away = True
            self._retry_within = max(SOONEST, push["retry_within"])
        self.holdings.take(push)
        if self.on_message and push["type"] == "message":
            self.on_message(push["message"])

    def _catch_up(self, room_id: str, head: int) -> None:
        self._tasks.start(self._page_on(room_id), name=f"{self.name} catches up")

    async def _page_on(self, room_id: str) -> None:
        with contextlib.suppress(Lost, Refused):  # The next hello resumes.
            more = True
            while more and room_id in self.holdings.last:
                after, asked = self.holdings.last[room_id], len(self._history)

                def apply(answer: Frame, after: int = after, asked: int = asked) -> None:
                    nonlocal more
                    more = self.holdings.page(room_id, asked, after, answer)

                line = await self.line()
                await line.ask("page", then=apply, room=room_id, after=after, limit=PAGE)


class Author:
    """Posts through a client of theirs; what they post is known by its key."""

    def __init__(self, client: Client, history: History, session: aiohttp.ClientSession) -> None:
        self.client = client
        self._history = history
        self._session = session

    @property
    def name(self) -> str:
        return self.client.account.name

    async def post(self, room: str, *, rest: str = "") -> int | None:
        """The seq when it is answered, however often it has to be repeated; None if it is
        refused. `rest` is what follows the key in the text."""
        key = f"{self.name}-{len(self._history)}"
        text = f"{key} {rest}".strip()
        self._history.record(Invoke(self.name, room, key))
        while True:
            line = await self.client.line()
            node = self.client.node
            try:
                answer = await line.ask("post", room=room, key=key, text=text)
            except Lost as error:
                self._history.record(Unknown(self.name, room, key, node, str(error)))
            except Refused as refusal:
                if not refusal.is_temporary:
                    self._history.record(Fail(self.name, room, key, refusal.code))
                    return None
                self._history.record(Unknown(self.name, room, key, node, refusal.code))
                await asyncio.sleep(refusal.retry_after)
            else:
                self._history.record(Ack(self.name, room, key, answer["seq"]))
                return int(answer["seq"])

    async def look(self, room: str, door: Door) -> None:
        """Ask that node, whichever it is, for the latest page. Silent if it does not answer."""
        asked = len(self._history)
        headers = {"Authorization": f"Bearer {self.client.account.secret}"}
        url = f"{door.address}/api/v1/rooms/{room}/messages"
        try:
            async with self._session.get(url, headers=headers) as response:
                if response.status != 200:
                    return
                messages = (await response.json())["messages"]
        except (aiohttp.ClientError, OSError, TimeoutError):
            return
        entries = [(each["seq"], what_is(each)) for each in messages]
        first, last = entries[0][0], entries[-1][0]
        self._history.record(Page(self.name, room, asked, first - 1, last, entries))
