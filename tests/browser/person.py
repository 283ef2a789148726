"""Somebody at a browser: what they do there, and whatever goes wrong on their page."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Request,
    WebSocket,
    expect,
)

from tests.browser.server import Server

PASSWORD = "a garden with a pavilion"
PATIENCE = 15_000  # Milliseconds.

# What a browser logs when the server is away, or goes in the middle of an answer, which no page can
# prevent. 502 is a proxy's word.
NO_SERVER = (
    r"ERR_CONNECTION_|ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE|ERR_CONTENT_LENGTH_MISMATCH"
    r"|WebSocket connection to|status of 502"
)

# The policy's violations, in the console together with everything else that went wrong.
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`violates the policy: ${event.violatedDirective} ${event.blockedURI}`));
"""


@dataclass(frozen=True)
class Room:
    id: str
    name: str

    @property
    def path(self) -> str:
        return f"/rooms/{self.name}"


class Person:
    """One account in one browser context, with one page to begin with."""

    def __init__(
        self, browser: Browser, server: Server, username: str, name: str, **options: Any
    ) -> None:  # Any: Playwright's options of a context.
        self.server = server
        self.username = username
        self.name = name
        self.password = PASSWORD
        self.trouble: list[str] = []
        self.heard: list[str] = []
        self._expected: list[str] = []
        self.context: BrowserContext = browser.new_context(
            **{
                "base_url": server.url,
                "ignore_https_errors": True,  # Certificates of the tests are nobody's.
                "locale": "en-GB",
                "viewport": {"width": 1280, "height": 800},
                **options,
            }
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(REPORT_VIOLATIONS)
        self.context.on("request", self._requested)
        self.context.on("console", self._logged)
        self.context.on("weberror", lambda error: self.trouble.append(f"page: {error.error}"))
        self.context.on("dialog", self._asked)
        self.page: Page = self.new_page()

    # What the test does behind the page's back

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.on("websocket", self._connected)
        return page

    @property
    def socket_url(self) -> str:
        return self.server.url.replace("http", "ws", 1) + "/ws"

    def call(self, method: str, path: str, body: object = None) -> Any:  # Any: JSON.
        """The answer of the HTTP API to this person."""
        answer = self.context.request.fetch(
            f"/api/v1/{path}", method=method, data=body, headers={"Origin": self.server.url}
        )
        assert answer.ok, f"{method} {path}: {answer.status} {answer.text()}"
        return answer.json() if answer.body() else None

    def register(self) -> None:
        self.call(
            "POST",
            "users",
            {"username": self.username, "password": PASSWORD, "display_name": self.name},
        )

    def sign_in(self) -> None:
        self.call("POST", "session", {"username": self.username, "password": PASSWORD})

    def create_room(self, *members: "Person", topic: str = "") -> Room:
        name = f"garden-{uuid.uuid4().hex[:8]}"
        answer = self.call("POST", "rooms", {"name": name, "topic": topic})
        room = Room(answer["room"]["id"], name)
        for member in members:
            self.call("PUT", f"rooms/{room.id}/members/{member.username}")
        return room

    def post(self, room: Room, text: str, **fields: Any) -> int:  # Any: fields of the API.
        """Returns the seq."""
        body = {"key": uuid.uuid4().hex, "text": text, **fields}
        answer = self.call("POST", f"rooms/{room.id}/messages", body)
        return int(answer.get("seq", 0))

    def expect_trouble(self, pattern: str) -> None:
        """What matches is no fault of the page in this test."""
        self._expected.append(pattern)

    def unexpected(self) -> list[str]:
        return [
            each
            for each in self.trouble
            if not any(re.search(pattern, each) for pattern in self._expected)
        ]

    # What they do

    def open(self, place: Room | str = "/") -> None:
        """Come to the page, signed in, and wait until it is on line."""
        self.page.goto(place.path if isinstance(place, Room) else place)
        self.is_online()
        if isinstance(place, Room):
            expect(self.composer).to_be_visible()

    def go(self, room: Room) -> None:
        self.link(room).click()
        expect(self.link(room)).to_have_attribute("aria-current", "page")
        expect(self.composer).to_be_visible()

    def say(self, text: str) -> None:
        self.composer.fill(text)
        self.composer.press("Enter")

    def choose(self, text: str, action: str) -> None:
        """From the menu of the message."""
        self.message(text).hover()
        self.message(text).get_by_role("button", name="More about this message").click()
        self.page.get_by_role("menuitem", name=action, exact=True).click()

    # What they see

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message", exact=True)

    @property
    def history(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def texts(self) -> Locator:
        return self.history.locator(".message .text")

    @property
    def pending(self) -> Locator:
        return self.history.locator(".message--pending")

    def message(self, text: str) -> Locator:
        whole = re.compile(rf"^\s*{re.escape(text)}\s*$")
        return self.history.locator(".message").filter(
            has=self.page.locator(".text", has_text=whole)
        )

    def link(self, room: Room) -> Locator:
        return self.page.locator(f'.room-link[data-room="{room.id}"]')

    def badge(self, room: Room) -> Locator:
        return self.link(room).locator(".badge")

    def heading(self, text: str) -> Locator:
        return self.page.get_by_role("heading", level=1, name=text, exact=True)

    def is_online(self) -> None:
        expect(self.page.locator(".connection")).to_have_text("Online", timeout=30_000)

    # What goes wrong

    def _logged(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.trouble.append(f"{message.type}: {message.text}")

    def _asked(self, dialog: Dialog) -> None:
        self.trouble.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _requested(self, request: Request) -> None:
        if not request.url.startswith((f"{self.server.url}/", "data:", "blob:")):
            self.trouble.append(f"asked a stranger: {request.url}")

    def _connected(self, socket: WebSocket) -> None:
        if socket.url != self.socket_url:
            self.trouble.append(f"asked a stranger: {socket.url}")
        socket.on("framereceived", lambda data: self.heard.append(str(data)))
