"""Who is in a room, and who decides that."""

from playwright.sync_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person


def members_of(someone: Person) -> Locator:
    return someone.page.get_by_role("complementary", name="Members")


def test_people_are_added_to_a_private_room_from_the_panel(person: People) -> None:
    alice, bob, carol = person("Alice"), person("Bob"), person("Carol")
    name = f"secret-{alice.username}"
    alice.call("POST", "rooms", {"name": name, "visibility": "private"})
    bob.open()
    alice.open(f"/rooms/{name}")
    expect(alice.page.get_by_text("Only people you add see this room.")).to_be_visible()

    members_of(alice).get_by_role("button", name="Add people").click()
    dialog = alice.page.get_by_role("dialog", name=f"Add people to #{name}")
    for other in (bob, carol):
        dialog.get_by_role("combobox", name="Whom?").fill(other.username)
        dialog.get_by_role("option", name=other.name).click()
    dialog.get_by_role("button", name="Add", exact=True).click()

    expect(dialog).to_have_count(0)
    expect(members_of(alice).get_by_role("listitem")).to_have_count(3)
    bob.page.get_by_role("navigation").get_by_role("link", name=name).click()
    expect(bob.heading(name)).to_be_visible()


def test_an_owner_gives_roles_and_removes(person: People) -> None:
    alice, bob, carol = person("Alice"), person("Bob"), person("Carol")
    room = alice.create_room(bob, carol)
    alice.open(room)
    bob.open(room)
    menu = alice.page.get_by_role("menu")
    expect(members_of(bob).get_by_role("button", name="More about Carol")).to_have_count(0)

    members_of(alice).get_by_role("button", name="More about Bob").click()
    expect(menu.get_by_role("menuitem", name="Write to them")).to_be_focused()
    menu.get_by_role("menuitem", name="Make moderator").click()
    expect(members_of(alice).get_by_role("listitem").filter(has_text="Bob")).to_contain_text(
        "Moderator"
    )
    expect(members_of(bob).get_by_role("button", name="More about Alice")).to_have_count(0)
    members_of(bob).get_by_role("button", name="More about Carol").click()
    bob.page.get_by_role("menuitem", name="Remove from the room").click()
    question = bob.page.get_by_role("dialog", name="Remove Carol?")
    question.get_by_role("button", name="Remove from the room").click()

    for someone in (alice, bob):
        expect(members_of(someone)).not_to_contain_text("Carol")
        service = someone.page.locator(".service").last
        expect(service).to_contain_text("Bob removed Carol")


def test_the_switcher_finds_people(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    alice.open()

    alice.page.keyboard.press("Control+k")
    search = alice.page.get_by_role("combobox", name="Room or person")
    search.fill(bob.username)
    expect(alice.page.get_by_role("option", name="Bob")).to_be_visible()
    search.press("Enter")

    expect(alice.heading("Bob")).to_be_visible()
    expect(alice.page.get_by_text("Say hello.")).to_be_visible()


def test_the_doorstep_tells_what_the_room_is_about(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(topic="Roses and tea")

    bob.page.goto(room.path)

    expect(bob.page.get_by_text("Roses and tea")).to_be_visible()
    expect(bob.page.get_by_text("1 member", exact=True)).to_be_visible()
    bob.page.get_by_role("button", name="Join the room").click()
    expect(bob.composer).to_be_visible()
