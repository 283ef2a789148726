"""The connection breaks, and nobody has to do anything about it."""

from collections.abc import Callable
from operator import methodcaller

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.person import NO_SERVER, Person
from tests.browser.server import Server
from tests.browser.test_reading import POST_MANY


def is_same_page(someone: Person) -> bool:
    return bool(someone.page.evaluate("window.isSamePage === true"))


@pytest.mark.parametrize(
    "end", [methodcaller("kill"), methodcaller("stop")], ids=["killed", "stopped"]
)
def test_nothing_is_lost_or_doubled_while_the_server_was_away(
    person: People, server: Server, end: Callable[[Server], None]
) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    for someone in (alice, bob):
        someone.open(room)
        someone.expect_trouble(NO_SERVER)
        someone.page.evaluate("window.isSamePage = true")
    alice.say("before")
    expect(bob.message("before")).to_be_visible()

    end(server)
    for someone in (alice, bob):
        expect(someone.page.locator(".connection")).not_to_have_text("Online")
        someone.say(f"{someone.name} meanwhile")
        expect(someone.pending.locator(".text")).to_have_text([f"{someone.name} meanwhile"])
    server.start()
    for someone in (alice, bob):  # Both: each comes back when their own delay is over.
        someone.is_online()
    for someone in (alice, bob):
        expect(someone.texts).to_have_count(3)
        expect(someone.pending).to_have_count(0)
    bob.say("after")

    expect(alice.texts.last).to_have_text("after")
    expect(bob.pending).to_have_count(0)
    seen = alice.texts.all_text_contents()
    assert seen == bob.texts.all_text_contents()
    assert sorted(seen) == ["Alice meanwhile", "Bob meanwhile", "after", "before"]
    assert is_same_page(alice)
    assert is_same_page(bob)


def test_what_was_on_its_way_when_the_server_was_killed_arrives_once(
    person: People, server: Server
) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    for someone in (alice, bob):
        someone.open(room)
        someone.expect_trouble(NO_SERVER)

    server.freeze()
    for number in range(3):
        alice.say(f"on its way {number}")
    expect(alice.pending).to_have_count(3)
    server.kill()
    server.start()

    for someone in (alice, bob):
        someone.is_online()
    for someone in (alice, bob):
        expect(someone.texts).to_have_text([f"on its way {number}" for number in range(3)])
        expect(someone.pending).to_have_count(0)


def test_a_reload_does_not_lose_what_could_not_be_sent(person: People, server: Server) -> None:
    alice = person("Alice")
    room = alice.create_room()
    alice.open(room)
    alice.expect_trouble(NO_SERVER)

    server.freeze()
    alice.say("kept in this tab")
    expect(alice.pending).to_have_count(1)
    server.kill()
    server.start()
    alice.page.reload()
    alice.is_online()

    expect(alice.texts).to_have_text(["kept in this tab"])
    expect(alice.pending).to_have_count(0)


def test_whoever_is_off_line_sees_it_and_after_a_while_is_told(
    person: People, server: Server
) -> None:
    alice = person("Alice")
    room = alice.create_room()
    alice.page.clock.install()
    alice.open(room)
    alice.expect_trouble(NO_SERVER)
    bar = alice.page.locator(".bar--lost")

    server.kill()
    expect(alice.page.locator(".connection--offline")).to_have_text("Offline")
    expect(bar).to_have_count(0)
    alice.page.clock.fast_forward(6_000)
    expect(bar).to_contain_text("Reconnecting…")
    server.start()
    alice.page.evaluate("dispatchEvent(new Event('online'))")
    alice.is_online()

    expect(bar).to_have_count(0)
    expect(alice.page.locator(".connection--online")).to_be_visible()


def test_signing_out_in_one_tab_sends_the_other_to_sign_in(person: People) -> None:
    alice = person("Alice")
    room = alice.create_room()
    alice.open(room)
    other = alice.new_page()
    other.goto(room.path)
    expect(other.locator(".connection")).to_have_text("Online")
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url))

    alice.page.get_by_role("button", name="Alice, menu").click()
    alice.page.get_by_role("button", name="Sign out", exact=True).click()

    for page in (alice.page, other):
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(other).to_have_url(f"{alice.server.url}/login?next=%2Frooms%2F{room.name}")
    # It was told by the socket's end (4001), and had not to ask what had happened.
    assert not any("/api/v1/session" in url for url in asked)
    assert alice.context.cookies() == [] or all(
        "session" not in cookie["name"] for cookie in alice.context.cookies()
    )


def test_who_reads_far_up_stays_there_when_the_line_breaks(person: People, server: Server) -> None:
    alice, bob = person("Alice"), person("Bob")
    garden = alice.create_room(bob)
    bob.open()
    seq = bob.post(garden, "said long ago")
    bob.page.evaluate(POST_MANY, [garden.id, 150])
    alice.open(f"{garden.path}?seq={seq}")
    old = alice.message("said long ago")
    expect(old).to_be_in_viewport()

    for someone in (alice, bob):
        someone.expect_trouble(NO_SERVER)
    server.stop()
    expect(alice.page.locator(".connection")).not_to_have_text("Online")
    server.start()
    alice.is_online()
    bob.post(garden, "said just now")
    expect(alice.page.locator(".history__latest")).to_contain_text("new message")

    expect(old).to_be_in_viewport()
    alice.page.locator(".history__latest").click()
    expect(alice.message("said just now")).to_be_in_viewport()
