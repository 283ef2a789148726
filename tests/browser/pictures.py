"""Makes the picture of the README: `python -m tests.browser.pictures`, in the project's folder.

A morning in a garden club, told by the chat itself on a clock that is moved by hand, so that the
times are believable; then the real server on that file, and the real page, in light and in dark.
"""

import asyncio
import base64
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dependency_injector import providers
from playwright.sync_api import Browser, expect, sync_playwright

from adapters.configuration.settings import Settings
from adapters.system.manual_clock import ManualClock
from application.chat import Chat
from application.posting import Posted
from bootstrap import container_for, opened
from domain.ids import RoomId
from domain.user import User
from tests.browser.conftest import chromium, flags
from tests.browser.node import Node
from tests.browser.person import PASSWORD, Person
from tests.browser.server import Server

IMAGES = Path(__file__).parents[2] / "docs" / "images"
NAMES = {"alice": "Alice Novak", "bob": "Bob Tanner", "carol": "Carol Reyes", "dmytro": "Dmytro"}

# Both themes in one picture, parted by a slanted line.
BOTH = """<!doctype html>
<style>
  body { margin: 0; position: relative; width: 1280px; height: 800px; }
  img { position: absolute; inset: 0; }
  img + img { clip-path: polygon(58% 0, 100% 0, 100% 100%, 42% 100%); }
</style>
<img src="data:image/png;base64,LIGHT"><img src="data:image/png;base64,DARK">"""


class Story:
    """Everybody and what they say, one after the other."""

    def __init__(self, chat: Chat, clock: ManualClock) -> None:
        self._chat = chat
        self._clock = clock
        self._said = 0
        self.people: dict[str, User] = {}

    async def tell(self) -> None:
        for username, name in NAMES.items():
            self.people[username] = await self._chat.create_user(
                username=username, password=PASSWORD, display_name=name
            )
        garden = await self._room("garden", "Beds, paths and the pavilion", "bob", "carol")
        kitchen = await self._room("kitchen", "What to do with all the courgettes", "bob", "carol")
        music = await self._room("music", "Who plays on Saturday", "carol", "dmytro")
        await self._room("reading", "One book a month", "bob")
        await self._talk(garden)
        await self._say("bob", kitchen, "Courgette soup is on. Bring bowls.")
        await self._say("carol", kitchen, "And bread, please")
        await self._say("dmytro", music, "@alice do you still have the guitar?")
        await self._write("carol", "alice", "Shall we walk over together?")

    async def _talk(self, room: RoomId) -> None:
        await self._say("alice", room, "Good morning! Who can open the pavilion today?", minutes=9)
        asked = await self._say("bob", room, "I have the key. Is **nine** early enough?")
        await self._say("alice", room, "Perfect, the roses come at ten.", reply_to=asked)
        await self._chat.invite_member(self.people["alice"], room_id=room, username="dmytro")
        await self._say("dmytro", room, "Hello all. What should I bring?", minutes=4)
        await self._say(
            "carol",
            room,
            "Welcome! For planting we need:\n\n* two spades\n* twine\n* `secateurs`, sharp ones",
        )
        wrong = await self._say("carol", room, "And gloves: roses bite. Size 8 for me.")
        await self._chat.edit_message(
            self.people["carol"],
            room_id=room,
            seq=wrong,
            text="And gloves: roses bite. Size 7 for me.",
        )
        await self._chat.set_topic(
            self.people["alice"], room_id=room, topic="Rose planting today at ten, tea after"
        )
        await self._say("dmytro", room, "/me packs the spades", minutes=3)
        await self._say("bob", room, "@alice the kettle works again, *finally*. Tea for six?")
        await self._say("alice", room, "For eight, the neighbours come too 🌹")

    async def _room(self, name: str, topic: str, *members: str) -> RoomId:
        alice = self.people["alice"]
        summary = await self._chat.create_room(alice, name=name, topic=topic)
        for member in members:
            await self._chat.invite_member(alice, room_id=summary.room.id, username=member)
        return summary.room.id

    async def _write(self, author: str, reader: str, text: str) -> None:
        direct = await self._chat.open_direct(self.people[author], usernames=[reader])
        await self._say(author, direct.room.id, text)

    async def _say(
        self,
        author: str,
        room: RoomId,
        text: str,
        *,
        minutes: int = 2,
        reply_to: int | None = None,
    ) -> int:
        await self._clock.advance(minutes * 60)
        self._said += 1
        posted = await self._chat.post_message(
            self.people[author],
            room_id=room,
            key=f"picture-{self._said}",
            text=text,
            reply_to=reply_to,
        )
        assert isinstance(posted, Posted)
        return posted.message.seq


async def tell_the_story(file: Path) -> None:
    container = container_for(
        Settings.model_validate({"database_url": f"sqlite:///{file}", "welcome_room": ""})
    )
    clock = ManualClock(datetime.now(UTC) - timedelta(minutes=40))
    container.clock.override(providers.Object(clock))
    async with opened(container) as chat:
        await Story(chat, clock).tell()


def come(browser: Browser, server: Server, username: str) -> Person:
    someone = Person(browser, server, username, NAMES[username])
    someone.sign_in()
    someone.open("/rooms/garden")
    return someone


def take(browser: Browser, server: Server) -> list[bytes]:
    """In light and in dark, as Alice sees it while Carol is typing."""
    alice, _, carol = (come(browser, server, name) for name in ("alice", "bob", "carol"))
    members = alice.page.get_by_role("complementary", name="Members")
    expect(members).to_contain_text("Online · 3")
    expect(alice.page.locator(".toast--shown")).to_have_count(0)
    carol.composer.press_sequentially("I bring ca")
    expect(alice.page.locator(".typing")).to_have_text("Carol Reyes is typing…")
    pictures = []
    for scheme in ("light", "dark"):
        alice.page.emulate_media(color_scheme=scheme)
        pictures.append(alice.page.screenshot(animations="disabled", caret="hide"))
    return pictures


def combined(browser: Browser, light: bytes, dark: bytes) -> bytes:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    html = BOTH.replace("LIGHT", base64.b64encode(light).decode())
    page.set_content(html.replace("DARK", base64.b64encode(dark).decode()))
    return page.screenshot()


def main() -> None:
    path = chromium()
    assert path, "This needs Chromium: `make chromium`, or CHROMIUM=/where/it/is"
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(tell_the_story(Path(directory) / "besedka.db"))
        server = Node(Path(directory), BESEDKA_PRESENCE_GRACE_SECONDS="60")
        server.start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=path, args=flags())
                IMAGES.mkdir(parents=True, exist_ok=True)
                (IMAGES / "room.png").write_bytes(combined(browser, *take(browser, server)))
                browser.close()
        finally:
            server.close()


if __name__ == "__main__":
    main()
