"""A real server, a real Chromium, and people at it whose pages must stay without a fault."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.node import Node
from tests.browser.person import PATIENCE, Person
from tests.browser.server import Server
from tests.browser.site import Site
from tests.databases import a_database_held
from tests.servers.setting import unavailable

HERE = Path(__file__).parent
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    # Each window would start two pages for an address bar that nobody sees, which takes half of
    # all the time. The switch replaces Playwright's own; of that, the rest is what matters here.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,HttpsUpgrades,OptimizationHints",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)

WITHOUT_WELCOME = {"BESEDKA_WELCOME_ROOM": "", "BESEDKA_PRESENCE_GRACE_SECONDS": "0.2"}

People = Callable[..., Person]

_numbers = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Last: they are the slowest, and as long as Playwright's synchronous API is in use, no
    other event loop can run in this thread."""
    items.sort(key=_is_ours)
    for item in filter(_is_ours, items):
        item.add_marker(pytest.mark.browser)


def _is_ours(item: pytest.Item) -> bool:
    return HERE in item.path.parents


def chromium() -> str | None:
    """Where it is: CHROMIUM, or one of its usual names."""
    names = (os.environ.get("CHROMIUM"), *CHROMIUMS)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def flags() -> list[str]:
    # Chromium refuses to sandbox what root starts.
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        unavailable(f"none of {', '.join(CHROMIUMS)} is here, nor CHROMIUM set: make chromium.")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=flags())
        yield launched
        launched.close()


@contextmanager
def serving(
    config: pytest.Config, directory: Path, *, nodes: int | None = None, **settings: str
) -> Iterator[Server]:
    """One node; or so many behind nginx, as this test or this run wants. They end in order."""
    nodes = nodes or config.getoption("--nodes")
    kind = config.getoption("--database") or ("postgres" if nodes else "sqlite")
    with a_database_held(kind, directory) as url:
        settings["DATABASE_URL"] = url
        server = Site(directory, nodes, **settings) if nodes else Node(directory, **settings)
        try:
            server.start()
            yield server
        finally:
            server.close()


@pytest.fixture(scope="session")
def _server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    directory = tmp_path_factory.mktemp("server")
    with serving(request.config, directory, **WITHOUT_WELCOME) as server:
        yield server


@pytest.fixture
def server(_server: Server) -> Server:
    """The same one for all tests. It runs; so it must again at the end of the test."""
    return _server


@pytest.fixture
def new_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """Nobody has been here yet, and the settings are those that everybody starts with. To be
    asked for before `person`: it has to outlive the pages."""
    with serving(request.config, tmp_path) as server:
        yield server


@pytest.fixture
def person(browser: Browser, request: pytest.FixtureRequest) -> Iterator[People]:
    """`person("Alice")` has an account and has not opened the page yet. `device_of` makes it
    another device of somebody. Nothing may go wrong on any of their pages."""
    people: list[Person] = []

    def come(
        name: str,
        *,
        device_of: Person | None = None,
        is_known: bool = True,
        server: Server | None = None,
        **options: Any,  # Any: Playwright's options of a context.
    ) -> Person:
        server = server or request.getfixturevalue("server")
        username = device_of.username if device_of else f"{name.lower()}{next(_numbers)}"
        someone = Person(browser, server, username, name, **options)
        people.append(someone)
        if device_of:
            someone.sign_in()
        elif is_known:
            someone.register()
        return someone

    yield come
    for someone in people:
        someone.context.close()
    trouble = {each.username: found for each in people if (found := each.unexpected())}
    assert not trouble
