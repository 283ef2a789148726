"""People talk: the main job of all of this."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.person import PASSWORD
from tests.browser.server import Server


def test_a_newcomer_registers_makes_a_room_and_talks_with_somebody(
    new_server: Server, person: People
) -> None:
    alice = person("Alice", is_known=False, server=new_server)
    bob = person("Bob", is_known=False, server=new_server)

    for someone in (alice, bob):
        page = someone.page
        page.goto("/")
        if someone is bob:  # Before the first account there is none to sign in with.
            page.get_by_role("link", name="Create an account").click()
        page.get_by_label("Username").fill(someone.username)
        page.get_by_label("Name to show").fill(someone.name)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password again").fill(PASSWORD)
        page.get_by_role("button", name="Create account").click()
        expect(page.locator(".toast")).to_have_text(f"Hello, {someone.name}")
        expect(someone.heading("welcome")).to_be_visible()
    alice.page.get_by_role("button", name="Create a room").click()
    alice.page.get_by_role("textbox", name="Name", exact=True).fill("pavilion")
    alice.page.get_by_role("textbox", name="What is it about?").fill("Tea, mostly")
    alice.page.get_by_role("button", name="Create", exact=True).click()
    expect(alice.heading("pavilion")).to_be_visible()
    bob.page.get_by_role("button", name="Browse rooms").click()
    bob.page.get_by_role("searchbox", name="Find a room").fill("pav")
    bob.page.get_by_role("button", name="Join: pavilion").click()
    expect(bob.heading("pavilion")).to_be_visible()
    alice.say("Is the kettle on?")
    expect(bob.message("Is the kettle on?")).to_be_visible()
    bob.say("It *sings* already")

    for someone in (alice, bob):
        expect(someone.page.get_by_text("Tea, mostly").first).to_be_visible()
        expect(someone.texts).to_have_text(["Is the kettle on?", "It sings already"])
    expect(alice.texts.last.locator("em")).to_have_text("sings")


def test_a_message_shows_at_once_and_is_confirmed_once(person: People, server: Server) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    alice.open(room)
    bob.open(room)

    server.freeze()
    alice.say("hello")
    expect(alice.pending.locator(".text")).to_have_text("hello")
    expect(alice.composer).to_have_value("")
    server.thaw()

    expect(alice.pending).to_have_count(0)
    expect(alice.message("hello")).to_have_attribute("data-seq", re.compile(r"\d+"))
    for someone in (alice, bob):
        expect(someone.texts).to_have_text(["hello"])


def test_two_people_see_the_same_order(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    alice.open(room)
    bob.open(room)

    for number in range(8):
        alice.say(f"alice {number}")
        bob.say(f"bob {number}")

    for someone in (alice, bob):
        expect(someone.texts).to_have_count(16)
        expect(someone.pending).to_have_count(0)
    seen = alice.texts.all_text_contents()
    assert seen == bob.texts.all_text_contents()
    for name in ("alice", "bob"):
        assert [text for text in seen if name in text] == [f"{name} {each}" for each in range(8)]


def test_a_kicked_person_loses_the_room_at_once_and_reads_nothing_more(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    alice.open(room)
    bob.open(room)
    alice.say("for all of us")
    expect(bob.message("for all of us")).to_be_visible()

    alice.say(f"/kick {bob.username} too loud")
    expect(bob.page.locator(".toast")).to_have_text(f"You were removed from #{room.name}.")
    expect(bob.link(room)).to_have_count(0)
    expect(bob.history).to_have_count(0)
    alice.say("without bob")
    expect(alice.message("without bob")).to_have_attribute("data-seq", re.compile(r"\d+"))
    bob.open(room.path)

    expect(bob.page.get_by_text("You are not in this room yet.")).to_be_visible()
    expect(bob.page.get_by_text("for all of us")).to_have_count(0)
    assert not any("without bob" in frame for frame in bob.heard)
    expect(alice.page.locator(".service").last).to_contain_text("Alice removed Bob: too loud")


def test_typing_and_presence_show(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    alice.open(room)
    members = alice.page.get_by_role("complementary", name="Members")
    dot = members.get_by_role("listitem").filter(has_text="Bob").locator(".avatar__dot")
    expect(members).to_contain_text("Offline · 1")
    expect(dot).not_to_have_class(re.compile("online"))

    bob.open(room)
    expect(dot).to_have_class(re.compile("online"))
    bob.composer.press_sequentially("I th")
    expect(alice.page.get_by_text("Bob is typing…")).to_be_visible()
    bob.say("I think so")
    expect(alice.page.get_by_text("Bob is typing…")).to_have_count(0)
    bob.page.close()

    expect(dot).not_to_have_class(re.compile("online"))
    expect(members).to_contain_text("Offline · 1")


def test_the_up_arrow_edits_my_last_message(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    alice.open(room)
    bob.open(room)
    alice.say("tea at noon")
    expect(alice.pending).to_have_count(0)
    bob.say("fine")
    expect(alice.message("fine")).to_be_visible()

    alice.composer.press("ArrowUp")
    expect(alice.composer).to_have_value("tea at noon")
    expect(alice.page.get_by_role("button", name="Save")).to_be_visible()
    alice.say("tea at one")

    for someone in (alice, bob):
        expect(someone.texts).to_have_text(["tea at one", "fine"])
        expect(someone.message("tea at one")).to_contain_text("(edited)")
    expect(alice.composer).to_have_value("")
    expect(alice.page.get_by_role("button", name="Send")).to_be_visible()


def test_deleting_asks_once_and_erases_for_everyone(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    alice.open(room)
    bob.open(room)
    alice.say("a slip")
    expect(bob.message("a slip")).to_be_visible()

    alice.choose("a slip", "Delete")
    question = alice.page.get_by_role("dialog", name="Delete this message?")
    expect(question).to_contain_text("a slip")
    question.get_by_role("button", name="Cancel").click()
    expect(bob.message("a slip")).to_be_visible()
    alice.choose("a slip", "Delete")
    question.get_by_role("button", name="Delete").click()

    for someone in (alice, bob):
        expect(someone.texts).to_have_text(["This message was deleted."])
    expect(question).to_have_count(0)


def test_a_reply_quotes_what_it_answers(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    alice.open(room)
    bob.open(room)
    alice.say("who brings cake?")
    expect(bob.message("who brings cake?")).to_be_visible()

    bob.choose("who brings cake?", "Reply")
    expect(bob.page.get_by_text("Replying to Alice")).to_be_visible()
    expect(bob.composer).to_be_focused()
    bob.say("I do")

    for someone in (alice, bob):
        quote = someone.message("I do").locator(".quote")
        expect(quote).to_contain_text("Alice")
        expect(quote).to_contain_text("who brings cake?")


def test_two_people_talk_away_from_the_rooms(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    alice.open()
    bob.open()

    alice.page.get_by_role("button", name="New direct message").click()
    alice.page.get_by_role("combobox", name="To whom?").fill(bob.username)
    alice.page.get_by_role("option", name="Bob").click()
    alice.page.get_by_role("button", name="Start talking").click()
    expect(alice.heading("Bob")).to_be_visible()
    alice.say("between us")
    bobs = bob.page.get_by_role("list", name="Direct messages").get_by_role("link", name="Alice")
    expect(bobs.locator(".badge--urgent")).to_contain_text("1")
    bobs.click()
    expect(bob.message("between us")).to_be_visible()
    bob.say("of course")

    expect(alice.texts).to_have_text(["between us", "of course"])
    expect(bobs.locator(".badge")).to_have_count(0)


def test_somebody_who_comes_back_soon_is_online_for_whoever_came_meanwhile(
    new_server: Server, person: People
) -> None:
    alice, bob = person("Alice", server=new_server), person("Bob", server=new_server)
    room = alice.create_room(bob)
    alice.open(room)
    bob.open(room)
    members = alice.page.get_by_role("complementary", name="Members")
    expect(members).to_contain_text("Online · 2")

    bob.page.goto("about:blank")
    alice.page.reload()
    expect(members).to_contain_text("Offline · 1")
    bob.open(room)
    bob.say("here again")
    expect(alice.message("here again")).to_be_visible()

    expect(members).to_contain_text("Online · 2", timeout=2_000)
