"""The first minutes of a server that others can reach."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import People, serving
from tests.browser.person import PASSWORD
from tests.browser.server import Server
from tests.browser.test_looks import faults


@pytest.fixture
def public_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """It listens on all addresses, and nobody has been here yet."""
    with serving(request.config, tmp_path, HOST="0.0.0.0") as server:
        yield server


def test_the_owner_comes_by_the_setup_link_and_nobody_before(
    public_server: Server, person: People
) -> None:
    mallory = person("Mallory", is_known=False, server=public_server)
    alice = person("Alice", is_known=False, server=public_server)
    mallory.expect_trouble("403")

    mallory.page.goto("/")
    expect(mallory.page.get_by_text("Nobody owns this server yet.")).to_be_visible()
    expect(mallory.page.get_by_label("Username")).to_have_count(0)
    assert faults(mallory.page) == []

    alice.page.goto(public_server.setup_link())
    expect(alice.page.get_by_text("this account becomes the owner")).to_be_visible()
    alice.page.get_by_label("Username").fill(alice.username)
    alice.page.get_by_label("Password", exact=True).fill(PASSWORD)
    alice.page.get_by_label("Password again").fill(PASSWORD)
    alice.page.get_by_role("button", name="Create account").click()
    alice.is_online()

    mallory.page.goto("/register")
    expect(mallory.page.get_by_label("Username")).to_be_visible()


def test_where_registration_is_closed_only_the_first_person_is_shown_to_it(
    request: pytest.FixtureRequest, tmp_path: Path, person: People
) -> None:
    with serving(request.config, tmp_path, BESEDKA_REGISTRATION="closed") as server:
        stranger = person("Mallory", is_known=False, server=server)
        stranger.expect_trouble("403")
        stranger.page.goto("/login")
        expect(stranger.page.get_by_role("link", name="Create an account")).to_be_visible()
        person("Alice", server=server)

        stranger.page.reload()
        expect(stranger.page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(stranger.page.get_by_role("link", name="Create an account")).to_have_count(0)
        stranger.page.goto("/register")
        expect(stranger.page.get_by_text("Nobody can register here.")).to_be_visible()
        assert faults(stranger.page) == []
