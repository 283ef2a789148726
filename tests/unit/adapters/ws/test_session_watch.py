"""Who is signed out somewhere is sent home here, whoever did it and whether or not it is told."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.notifier.in_process import InProcessNotifier
from adapters.ws import session_watch
from adapters.ws.connection import Connection
from adapters.ws.session_watch import INTERVAL, SessionWatch
from adapters.ws.switchboard import Switchboard
from domain.errors import StoreUnavailable
from domain.events import PeopleMissed
from domain.ids import SessionId
from domain.session import Session
from domain.user import SiteRole, User
from tests.kit import Kit, memory_chat
from tests.unit.adapters.ws.readers import a_reader


class Scene:
    """A watch over sockets that are there, on a clock to move. `asked` is what its store was
    asked: "ended" or "all"; it fails with what is in `failures`, one after the other."""

    def __init__(self, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kit = kit
        self.sessions = kit.container.sessions()
        self.switchboard = Switchboard(InProcessNotifier())
        self.watch = SessionWatch(kit.chat, self.switchboard)
        self.seconds = 1000.0
        self.asked: list[str] = []
        self.failures: list[Exception | None] = []
        self.ended: dict[Connection, str] = {}
        self._rounds = 0
        self._list_ended, self._list_by_id = self.sessions.list_ended, self.sessions.list_by_id
        monkeypatch.setattr(session_watch, "PAUSE", 0)
        monkeypatch.setattr(session_watch, "_now", lambda: self.seconds)
        monkeypatch.setattr(self.sessions, "list_ended", self._answer_ended)
        monkeypatch.setattr(self.sessions, "list_by_id", self._answer_all)

    async def socket(self, user: User) -> tuple[Connection, Session]:
        session = (await self.kit.chat.open_session(user)).session
        connection = a_reader(user)
        connection.session_id = session.id
        # Only the first call counts, as with a real one.
        connection.end = lambda *why: self.ended.setdefault(connection, " ".join(map(str, why)))
        self.switchboard.connect(connection)
        return connection, session

    async def end_untold(self, session: Session) -> None:
        """As a node does that nobody hears, or a command."""
        await self.sessions.end(session.user_id, [session.id])

    async def rounds(self, number: int) -> None:
        """Let the watch ask so many times."""
        self._rounds = number
        self.watch._stopped = False
        async with asyncio.timeout(5):  # Else one that does not ask would never end.
            await self.watch.run()

    async def _answer_ended(self) -> list[SessionId]:
        self.asked.append("ended")
        self._rounds -= 1
        if self._rounds <= 0:
            self.watch.stop()
        if self.failures and (failure := self.failures.pop(0)):
            raise failure
        return await self._list_ended()

    async def _answer_all(self, session_ids: object) -> list[Session]:
        self.asked.append("all")
        return await self._list_by_id(session_ids)


@pytest.fixture
async def scene(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    async with memory_chat() as kit:
        yield Scene(kit, monkeypatch)


async def test_what_was_ended_without_a_word_ends_its_sockets_and_nobody_elses(
    scene: Scene,
) -> None:
    alice = await scene.kit.person("alice")
    gone, session = await scene.socket(alice)
    await scene.socket(alice)
    await scene.end_untold(session)

    await scene.rounds(1)

    assert scene.ended == {gone: "4001 signed out"}
    assert scene.asked == ["ended"], "nobody else had to be looked up for it"


async def test_nothing_is_asked_while_nobody_is_there(scene: Scene) -> None:
    await scene.watch.ask()
    await scene.watch.look()

    assert scene.asked == []


async def test_all_are_looked_at_when_it_is_time_and_not_before(scene: Scene) -> None:
    alice = await scene.kit.person("alice")
    here, session = await scene.socket(alice)
    await scene.sessions.forget_over(expired=session.expires_at, idle=session.created_at)
    times = iter([0.0, INTERVAL - 0.1, INTERVAL, 2 * INTERVAL - 0.1])
    answer = scene._list_ended

    async def as_time_goes_by() -> list[SessionId]:
        scene.seconds = 1000.0 + next(times)
        return await answer()

    scene._list_ended = as_time_goes_by
    await scene.rounds(4)

    assert scene.asked == ["ended", "ended", "ended", "all", "ended"]
    assert scene.ended == {here: "4001 the session is over"}


async def test_all_are_looked_at_once_when_something_may_have_been_missed(scene: Scene) -> None:
    alice = await scene.kit.person("alice")
    bob = await scene.kit.person("bob")
    await scene.socket(alice)
    bobs, _ = await scene.socket(bob)
    await scene.kit.chat.pass_site(username="bob")

    scene.watch(PeopleMissed())
    await scene.rounds(2)

    assert scene.asked == ["ended", "all", "ended"]
    assert bobs.user.site_role is SiteRole.OWNER


async def test_a_store_that_is_away_is_logged_once_and_asked_again(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    alice = await scene.kit.person("alice")
    here, session = await scene.socket(alice)
    await scene.end_untold(session)
    scene.watch(PeopleMissed())
    scene.failures = [*[StoreUnavailable()] * 5, None, StoreUnavailable(), ValueError("a mistake")]

    await scene.rounds(9)

    assert scene.ended == {here: "4001 signed out"}
    assert scene.asked == [*["ended"] * 6, "all", *["ended"] * 3], "the cheap question comes first"
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING", "ERROR"]
