"""Everything without a mouse."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import People
from tests.browser.person import PASSWORD, Person

IS_FOCUSED = "(element) => element === document.activeElement"
SHOWS_FOCUS = """(element) => {
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
}"""


def tab_to(page: Page, wanted: Locator, *, back: bool = False) -> None:
    """Press Tab until it is there, and visibly so."""
    expect(wanted).to_be_visible()
    for _ in range(40):
        if wanted.evaluate(IS_FOCUSED):
            assert wanted.evaluate(SHOWS_FOCUS), f"{wanted} has the focus and does not show it"
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"Tab does not reach {wanted}")


def create_room(someone: Person, name: str) -> None:
    page = someone.page
    tab_to(page, page.get_by_role("button", name="Create a room").first, back=True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(someone.heading(name)).to_be_visible()
    expect(someone.composer).to_be_focused()


def test_the_whole_way_goes_without_a_mouse(person: People) -> None:
    alice = person("Alice", is_known=False)
    page, keyboard = alice.page, alice.page.keyboard

    page.goto("/register")
    expect(page.get_by_label("Username")).to_be_focused()
    keyboard.type(alice.username)
    tab_to(page, page.get_by_label("Password", exact=True))
    keyboard.type(PASSWORD)
    tab_to(page, page.get_by_label("Password again"))
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    alice.is_online()
    first, second = f"a-{alice.username}", f"b-{alice.username}"
    create_room(alice, first)
    keyboard.type("said in the first")
    keyboard.press("Enter")
    expect(alice.message("said in the first")).to_be_visible()
    create_room(alice, second)
    keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Room or person")).to_be_focused()
    keyboard.type("a-al")
    expect(page.get_by_role("option").first).to_contain_text(first)
    keyboard.press("Enter")
    expect(alice.heading(first)).to_be_visible()
    expect(alice.composer).to_be_focused()
    keyboard.press("Alt+ArrowDown")
    expect(alice.heading(second)).to_be_visible()
    keyboard.press("Alt+ArrowUp")

    expect(alice.message("said in the first")).to_be_visible()


def test_a_message_menu_opens_walks_and_closes_by_keys(person: People) -> None:
    alice = person("Alice")
    room = alice.create_room()
    alice.post(room, "a rose")
    alice.open(room)
    page, keyboard = alice.page, alice.page.keyboard
    button = alice.message("a rose").get_by_role("button", name="More about this message")

    tab_to(page, button, back=True)
    keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Reply")).to_be_focused()
    keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Edit")).to_be_focused()
    keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.get_by_role("menu")).to_have_count(0)
    keyboard.press("Enter")
    keyboard.press("Enter")

    expect(page.get_by_text("Replying to Alice")).to_be_visible()
    expect(alice.composer).to_be_focused()


def test_names_complete_by_keys(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    alice.open(room)

    alice.composer.press_sequentially("ask @bo")
    expect(alice.page.get_by_role("option", name="Bob")).to_be_visible()
    alice.composer.press("Enter")
    expect(alice.composer).to_have_value(f"ask @{bob.username} ")
    alice.composer.press_sequentially(":tad")
    expect(alice.page.get_by_role("option", name="tada")).to_be_visible()
    alice.composer.press("Tab")
    alice.composer.press("Shift+Enter")
    alice.composer.press_sequentially("again")
    alice.composer.press("Enter")

    expect(alice.texts.locator(".mention")).to_have_text(f"@{bob.username}")
    expect(alice.texts).to_contain_text("🎉")


def test_a_question_mark_lists_the_shortcuts_only_outside_of_text(person: People) -> None:
    alice = person("Alice")
    room = alice.create_room()
    alice.open(room)
    shortcuts = alice.page.get_by_role("dialog", name="Keyboard shortcuts")

    alice.composer.press_sequentially("really?")
    expect(alice.composer).to_have_value("really?")
    expect(shortcuts).to_have_count(0)
    alice.history.focus()
    alice.page.keyboard.press("?")
    expect(shortcuts).to_be_visible()
    alice.page.keyboard.press("Escape")

    expect(shortcuts).to_have_count(0)
