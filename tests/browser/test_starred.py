"""Keeping a message for oneself, and finding it again."""

from playwright.sync_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_looks import NARROW, faults
from tests.browser.test_search import hide, marked


def panel(someone: Person) -> Locator:
    return someone.page.get_by_role("complementary", name="Starred")


def results(someone: Person) -> Locator:
    return panel(someone).locator(".search-result")


def look(someone: Person) -> None:
    someone.page.get_by_role("button", name="Starred").click()
    expect(panel(someone)).to_be_visible()


def star_of(someone: Person, text: str) -> Locator:
    return someone.message(text).get_by_role("img", name="Starred")


def test_a_star_stands_beside_the_message_for_who_gave_it_alone(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    garden = alice.create_room(bob)
    alice.post(garden, "The key lies under the pot")
    alice.open(garden)
    bob.open(garden)

    bob.choose("The key lies under the pot", "Star")

    expect(star_of(bob, "The key lies under the pot")).to_be_visible()
    bob.page.reload()
    expect(star_of(bob, "The key lies under the pot")).to_be_visible()
    alice.page.reload()
    expect(alice.message("The key lies under the pot")).to_be_visible()
    expect(star_of(alice, "The key lies under the pot")).to_have_count(0)
    bob.choose("The key lies under the pot", "Unstar")
    expect(star_of(bob, "The key lies under the pot")).to_have_count(0)


def test_what_is_starred_is_listed_from_all_rooms_and_followed(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    garden, shed = alice.create_room(bob), alice.create_room(bob)
    bob.open(garden)
    seq = hide(bob, garden, "The needle", below=120)
    bob.call("PUT", f"rooms/{garden.id}/messages/{seq}/star")
    alice.post(shed, "Rakes, three")
    bob.open(shed)
    bob.choose("Rakes, three", "Star")

    look(bob)
    expect(results(bob)).to_have_count(2)
    expect(results(bob).first).to_contain_text("Rakes, three")
    expect(results(bob).last).to_contain_text(f"#{garden.name}")
    assert faults(bob.page) == []
    results(bob).last.click()

    expect(marked(bob)).to_have_text("The needle")
    bob.choose("The needle", "Unstar")
    expect(results(bob)).to_have_count(1)
    alice.open(shed)
    alice.choose("Rakes, three", "Delete")
    alice.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(results(bob)).to_have_count(0)


def test_the_list_says_how_it_is_filled_and_closes_by_escape(person: People) -> None:
    alice = person("Alice")
    alice.open(alice.create_room())

    look(alice)
    expect(panel(alice)).to_contain_text("Nothing is starred yet")
    assert faults(alice.page) == []
    alice.page.keyboard.press("Escape")

    expect(panel(alice)).to_have_count(0)
    expect(alice.page.get_by_role("button", name="Starred")).to_be_focused()


def test_search_takes_the_place_of_the_list_and_back(person: People) -> None:
    alice = person("Alice")
    alice.open(alice.create_room())

    look(alice)
    alice.page.get_by_role("button", name="Search everywhere").click()
    expect(panel(alice)).to_have_count(0)
    expect(alice.page.get_by_role("complementary", name="Search messages")).to_be_visible()
    look(alice)

    expect(alice.page.get_by_role("complementary", name="Search messages")).to_have_count(0)


def test_on_a_phone_the_list_gives_way_to_what_was_found(person: People) -> None:
    alice = person("Alice", viewport=NARROW, has_touch=True, is_mobile=True)
    garden = alice.create_room()
    seq = alice.post(garden, "The needle")
    alice.call("PUT", f"rooms/{garden.id}/messages/{seq}/star")
    alice.open(garden)
    expect(star_of(alice, "The needle")).to_be_visible()

    alice.page.get_by_role("button", name="Open the sidebar").click()
    look(alice)
    assert alice.page.evaluate("document.scrollingElement.scrollWidth") == NARROW["width"]
    results(alice).first.click()

    expect(panel(alice)).to_have_count(0)
    expect(marked(alice)).to_have_text("The needle")
