"""One's own name, password and devices."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import PASSWORD, Person
from tests.browser.test_looks import NARROW, faults

ANOTHER = "an orchard with a swing"


def open_account(someone: Person) -> Locator:
    someone.page.get_by_role("button", name=f"{someone.name}, menu").click()
    someone.page.get_by_role("button", name="Account").click()
    return someone.page.get_by_role("dialog", name="Your account")


def devices(dialog: Locator) -> Locator:
    return dialog.get_by_role("region", name="Devices").get_by_role("listitem")


def fill_passwords(dialog: Locator, current: str, new: str, again: str) -> None:
    dialog.get_by_label("Current password").fill(current)
    dialog.get_by_label("New password", exact=True).fill(new)
    dialog.get_by_label("New password again").fill(again)
    dialog.get_by_role("region", name="Password").get_by_role("button", name="Save").click()


def test_a_new_name_is_seen_at_once_by_oneself_and_by_others(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    garden = alice.create_room(bob)
    alice.open(garden)
    alice.say("it is me")
    bob.open(garden)
    expect(bob.history.locator(".message__author").last).to_have_text("Alice")
    dialog = open_account(alice)

    dialog.get_by_label("Name to show").fill("Alice of the Garden")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Saved.")).to_be_visible()
    alice.page.keyboard.press("Escape")

    expect(alice.page.locator(".user-menu__name")).to_have_text("Alice of the Garden")
    for reader in (alice, bob):
        members = reader.page.get_by_role("complementary", name="Members")
        expect(members).to_contain_text("Alice of the Garden")
        author = reader.history.locator(".message__author").last
        expect(author).to_have_text("Alice of the Garden")


def test_a_password_is_changed_by_who_knows_it(person: People) -> None:
    alice = person("Alice")
    phone = person("Alice", device_of=alice)
    phone.open()
    alice.open()
    alice.expect_trouble("401|422")
    dialog = open_account(alice)
    dialog.get_by_role("button", name="Change the password").click()
    expect(dialog.get_by_label("Current password")).to_be_focused()

    for current, new, again, told in (
        (PASSWORD, ANOTHER, ANOTHER[:-1], "The two passwords differ."),
        (PASSWORD, "12345678", "12345678", "This password is too easy to guess."),
        ("not this one", ANOTHER, ANOTHER, "This is not your current password."),
    ):
        fill_passwords(dialog, current, new, again)
        expect(dialog.get_by_role("alert")).to_have_text(told)
    expect(dialog.get_by_label("Current password")).to_be_focused()
    fill_passwords(dialog, PASSWORD, ANOTHER, ANOTHER)

    expect(dialog.get_by_text("The password is changed.")).to_be_visible()
    expect(devices(dialog)).to_have_count(1)
    expect(phone.page.get_by_role("heading", name="Sign in")).to_be_visible()
    phone.page.get_by_label("Username").fill(alice.username)
    phone.page.get_by_label("Password").fill(ANOTHER)
    phone.page.get_by_role("button", name="Sign in").click()
    phone.is_online()
    alice.is_online()


def test_another_device_is_signed_out_from_here(person: People) -> None:
    alice = person("Alice", user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    phones = [
        person(
            "Alice",
            device_of=alice,
            user_agent=f"Mozilla/5.0 (iPhone; {number} like Mac OS X) Safari/604.1",
        )
        for number in range(3)
    ]
    for phone in phones:
        phone.open()
    alice.open()

    dialog = open_account(alice)
    expect(devices(dialog)).to_have_count(4)
    expect(devices(dialog).first).to_contain_text("Firefox on Linux")
    expect(devices(dialog).first).to_contain_text("this device")
    expect(devices(dialog).nth(1)).to_contain_text("Safari on iPhone")
    devices(dialog).last.get_by_role("button", name="Sign out: Safari on iPhone").click()
    expect(devices(dialog)).to_have_count(3)
    dialog.get_by_role("button", name="Sign out all other devices").click()
    expect(devices(dialog)).to_have_count(1)

    for phone in phones:
        expect(phone.page.get_by_role("heading", name="Sign in")).to_be_visible()
    alice.is_online()


def test_a_program_writes_with_a_token_until_it_is_ended(person: People) -> None:
    alice = person("Alice")
    garden = alice.create_room()
    alice.open(garden)
    dialog = open_account(alice)
    programs = dialog.get_by_role("region", name="Programs")
    expect(programs.get_by_role("button", name="New token")).to_be_disabled()

    programs.get_by_label("What is it for?").fill("Weather bot")
    programs.get_by_label("It is good for").select_option("30 days")
    programs.get_by_role("button", name="New token").click()
    secret = programs.get_by_label("The new token").input_value()
    expect(programs.get_by_role("listitem")).to_contain_text("not used yet · until")

    def says(text: str) -> int:
        address = f"{alice.server.url}/api/v1/rooms/{garden.id}/messages"
        answer = alice.page.context.request.post(
            address,
            headers={"Authorization": f"Bearer {secret}", "Cookie": ""},
            data={"key": text, "text": text},
        )
        return answer.status

    assert says("sunny, 20 degrees") == 201
    expect(alice.history.get_by_text("sunny, 20 degrees")).to_be_attached()
    programs.get_by_role("button", name="End the token: Weather bot").click()
    expect(programs.get_by_role("listitem")).to_have_count(0)
    assert says("rain") == 401


@pytest.mark.parametrize(
    "options",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": NARROW}],
    ids=["light", "dark", "narrow"],
)
def test_axe_finds_nothing_in_the_account(person: People, options: dict[str, object]) -> None:
    alice = person("Alice", reduced_motion="reduce", **options)
    alice.open(alice.create_room())
    if "viewport" in options:
        alice.page.get_by_role("button", name="Open the sidebar").click()
    dialog = open_account(alice)
    expect(devices(dialog)).to_have_count(1)
    assert faults(alice.page) == []

    dialog.get_by_role("button", name="Change the password").click()
    fill_passwords(dialog, PASSWORD, ANOTHER, "another")
    expect(dialog.get_by_role("alert")).to_be_visible()

    assert faults(alice.page) == []
    assert alice.page.evaluate("document.scrollingElement.scrollWidth") == (
        NARROW["width"] if "viewport" in options else 1280
    )
