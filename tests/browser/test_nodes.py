"""Two nodes behind nginx are one site: people of one room who came by different ones."""

import re
import time
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WITHOUT_WELCOME, People, serving
from tests.browser.node import Node
from tests.browser.person import NO_SERVER, PATIENCE, Person, Room
from tests.browser.site import Site


@pytest.fixture(scope="module")
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with serving(
        request.config, tmp_path_factory.mktemp("site"), nodes=2, **WITHOUT_WELCOME
    ) as site:
        yield site


@pytest.fixture
def person(person: People, site: Site) -> People:
    return lambda name, **options: person(name, server=site, **options)


def come_apart(site: Site, room: Room, one: Person, other: Person) -> None:
    """They open the room by different nodes; nginx may need to be asked more than once."""
    one.open(room)
    other.open(room)
    while sockets_at(site, total=2) != [1, 1]:
        other.page.goto("about:blank")
        sockets_at(site, total=1)
        other.open(room)


def sockets_at(site: Site, *, total: int) -> list[int]:
    """How many each node has, as it tells itself, once all that were closed are gone."""
    deadline = time.monotonic() + PATIENCE / 1000
    while sum(found := [_sockets(node) for node in site.nodes]) != total:
        assert time.monotonic() < deadline, f"{found} sockets, and not {total}"
        time.sleep(0.02)
    return found


def _sockets(node: Node) -> int:
    with urlopen(f"http://127.0.0.1:{node.port}/metrics") as answer:
        (count,) = re.findall(r"^besedka_connections (\d+)", answer.read().decode(), re.MULTILINE)
    return int(count)


def test_people_of_two_nodes_talk_and_see_each_other_come_and_go(
    person: People, site: Site
) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    come_apart(site, room, alice, bob)
    members = alice.page.get_by_role("complementary", name="Members")
    expect(members).to_contain_text("Online · 2")

    bob.composer.press_sequentially("I am")
    expect(alice.page.get_by_text("Bob is typing")).to_be_visible()
    bob.say("I am here")
    alice.say("So am I")
    for someone in (alice, bob):
        expect(someone.texts).to_have_text(["I am here", "So am I"])
        expect(someone.pending).to_have_count(0)
    bob.page.goto("about:blank")
    expect(members).to_contain_text("Offline · 1")
    bob.open(room)

    expect(members).to_contain_text("Online · 2")


def test_what_is_read_at_one_node_is_read_at_the_other(person: People, site: Site) -> None:
    alice, bob = person("Alice"), person("Bob")
    phone = person("Bob", device_of=bob)
    garden, shed = alice.create_room(bob), alice.create_room(bob)
    come_apart(site, shed, bob, phone)

    alice.post(garden, "anybody here?")
    for device in (bob, phone):
        expect(device.badge(garden)).to_contain_text("1")
    bob.go(garden)

    for device in (bob, phone):
        expect(device.badge(garden)).to_have_count(0)


def test_nodes_that_stop_or_die_one_by_one_lose_and_double_nothing(
    person: People, site: Site
) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    come_apart(site, room, alice, bob)
    for someone in (alice, bob):
        someone.page.evaluate("window.isSamePage = true")
    said = []

    def talk() -> None:
        for someone in (alice, bob):  # Their delay is tried in test_connection.
            someone.page.evaluate("dispatchEvent(new Event('online'))")
        for someone in (alice, bob):
            said.append(f"{len(said)} of {someone.name}")
            someone.say(said[-1])
            expect(alice.message(said[-1])).to_be_visible()
            expect(bob.message(said[-1])).to_be_visible()

    stopped, killed = site.nodes
    stopped.stop()
    talk()
    for someone in (alice, bob):
        someone.is_online()
        assert someone.unexpected() == []  # Nothing was refused.
        someone.expect_trouble(NO_SERVER)
    stopped.start()
    killed.kill()
    talk()
    killed.start()

    for someone in (alice, bob):
        expect(someone.texts).to_have_text(said)
        expect(someone.pending).to_have_count(0)
        assert someone.page.evaluate("window.isSamePage")
