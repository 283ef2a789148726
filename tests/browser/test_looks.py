"""Light and dark, wide and narrow, in three languages, for everybody."""

from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import People
from tests.browser.person import PASSWORD, Person, Room

NARROW = {"width": 360, "height": 740}

# What is there before the first paint: whatever comes later would be seen as a flash.
NOTE_THEME = """
addEventListener("DOMContentLoaded", () => {
  window.themeAtFirst = document.documentElement.dataset.theme;
  window.groundAtFirst = getComputedStyle(document.documentElement).backgroundColor;
});
"""
LIGHTNESS = """(element) => {
  const [red, green, blue] = getComputedStyle(element).backgroundColor.match(/[\\d.]+/g);
  return (Number(red) + Number(green) + Number(blue)) / 3 / 255;
}"""


def lightness(someone: Person) -> float:
    return float(someone.page.locator("html").evaluate(LIGHTNESS))


def choose_theme(someone: Person, theme: str) -> None:
    someone.page.get_by_role("button", name=f"{someone.name}, menu").click()
    someone.page.get_by_role("radio", name=theme).check()
    someone.page.keyboard.press("Escape")


def test_a_chosen_theme_is_there_before_the_first_paint(person: People) -> None:
    alice = person("Alice", color_scheme="light")
    alice.context.add_init_script(NOTE_THEME)
    alice.open()
    assert lightness(alice) > 0.8

    choose_theme(alice, "Dark")
    assert lightness(alice) < 0.2
    dark = alice.page.locator("html").evaluate("html => getComputedStyle(html).backgroundColor")
    alice.page.reload()
    alice.is_online()

    assert alice.page.evaluate("window.themeAtFirst") == "dark"
    assert alice.page.evaluate("window.groundAtFirst") == dark
    choose_theme(alice, "System")
    assert lightness(alice) > 0.8


def test_without_a_choice_the_theme_follows_the_system(person: People) -> None:
    alice = person("Alice", color_scheme="dark")
    alice.open()
    assert lightness(alice) < 0.2

    alice.page.emulate_media(color_scheme="light")

    assert lightness(alice) > 0.8


def test_a_phone_of_360_pixels_is_enough(person: People) -> None:
    alice = person("Alice", viewport=NARROW, has_touch=True, is_mobile=True)
    garden, shed = alice.create_room(topic="Long " * 40), alice.create_room()
    alice.post(shed, "w" * 500 + "\n\n```\n" + "x = 1; " * 40 + "\n```\n" + "word " * 100)
    alice.open(garden)
    assert alice.page.evaluate("document.scrollingElement.scrollWidth") == NARROW["width"]

    alice.page.get_by_role("button", name="Open the sidebar").tap()
    expect(alice.link(shed)).to_be_in_viewport(ratio=1)
    alice.link(shed).tap()
    expect(alice.heading(shed.name)).to_be_visible()
    expect(alice.link(shed)).not_to_be_in_viewport()
    alice.composer.fill("from the bus")
    alice.page.get_by_role("button", name="Send").tap()

    expect(alice.message("from the bus")).to_be_in_viewport(ratio=1)
    expect(alice.page.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
    assert alice.page.evaluate("document.scrollingElement.scrollWidth") == NARROW["width"]


@pytest.mark.parametrize(
    ("locale", "language", "title", "rooms"),
    [
        ("uk-UA", "uk", "Вхід", "Кімнати"),
        ("ru-RU", "ru", "Вход", "Комнаты"),
        ("de-DE", "en", "Sign in", "Rooms"),
    ],
)
def test_the_language_is_the_browsers(
    person: People, locale: str, language: str, title: str, rooms: str
) -> None:
    alice = person("Alice", is_known=False, locale=locale)

    alice.page.goto("/")
    expect(alice.page.locator("html")).to_have_attribute("lang", language)
    expect(alice.page.locator("h1")).to_have_text(title)
    alice.register()
    alice.page.goto("/")

    expect(alice.page.locator("html")).to_have_attribute("lang", language)
    expect(alice.page.locator(".sidebar h2").first).to_have_text(rooms)


def test_another_language_can_be_chosen(person: People) -> None:
    alice = person("Alice")
    alice.open()

    alice.page.get_by_role("button", name="Alice, menu").click()
    alice.page.get_by_role("radio", name="Українська").check()
    expect(alice.page.locator(".sidebar h2").first).to_have_text("Кімнати")
    alice.page.reload()

    expect(alice.page.locator(".sidebar h2").first).to_have_text("Кімнати")
    expect(alice.page.locator("html")).to_have_attribute("lang", "uk")


# What axe sees


def faults(page: Page) -> list[str]:
    """The page's policy forbids a script tag, so the engine comes in as the tests do."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.fixture
def furnished(person: People) -> Callable[[Person], Room]:
    """A room where something of each kind stands."""

    def furnish(reader: Person) -> Room:
        bob = person("Bob")
        room = bob.create_room(reader, topic="Roses and tea")
        other = bob.create_room(reader)
        first = bob.post(room, "**Bold**, `code`, [a link](https://example.org) and\n\n> a quote")
        bob.post(room, f"@{reader.username} look", reply_to=first)
        bob.post(room, "```\nx = 1\n```\n\n* one\n* two")
        bob.post(room, "/me waters the roses")
        gone = bob.post(room, "never mind")
        bob.call("DELETE", f"rooms/{room.id}/messages/{gone}")
        mine = reader.post(room, "my owm words")
        reader.call("PATCH", f"rooms/{room.id}/messages/{mine}", {"text": "my own words"})
        bob.post(other, "an unread one")
        bob.post(other, f"and @{reader.username} one for you")
        bob.post(room, "the newest")
        return room

    return furnish


@pytest.mark.parametrize("path", ["/login", "/register"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_the_door(person: People, path: str, scheme: str) -> None:
    alice = person("Alice", is_known=False, color_scheme=scheme)
    alice.page.goto(path)
    assert faults(alice.page) == []

    if path == "/register":
        alice.page.get_by_label("Username").fill("no spaces please")
        alice.page.get_by_label("Password", exact=True).fill(PASSWORD)
        alice.page.get_by_label("Password again").fill(PASSWORD[:-1])
        alice.expect_trouble("422")
        alice.page.get_by_role("button", name="Create account").click()
        expect(alice.page.locator(".field__error")).not_to_have_count(0)
        assert faults(alice.page) == []


@pytest.mark.parametrize(
    "options",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": NARROW}],
    ids=["light", "dark", "narrow"],
)
def test_axe_finds_nothing_in_the_chat(
    person: People, furnished: Callable[[Person], Room], options: dict[str, object]
) -> None:
    alice = person("Alice", reduced_motion="reduce", **options)
    alice.open(furnished(alice))
    alice.say("/help")
    expect(alice.page.locator(".notice")).to_be_visible()
    assert faults(alice.page) == []

    alice.composer.press_sequentially("@")
    expect(alice.page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    assert faults(alice.page) == []
    alice.composer.fill("")
    alice.message("my own words").hover()
    alice.message("my own words").get_by_role("button", name="More about this message").click()
    expect(alice.page.get_by_role("menu")).to_be_visible()
    assert faults(alice.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_dialogs(
    person: People, furnished: Callable[[Person], Room], scheme: str
) -> None:
    alice = person("Alice", reduced_motion="reduce", color_scheme=scheme)
    alice.open(furnished(alice))
    dialog = alice.page.get_by_role("dialog")

    for opener, ready in (
        ("Browse rooms", "Open: "),
        ("Create a room", "Create"),
        ("New direct message", "Start talking"),
    ):
        alice.page.get_by_role("navigation").get_by_role("button", name=opener).click()
        expect(dialog.get_by_role("button", name=ready).first).to_be_visible()
        assert faults(alice.page) == [], opener
        close(dialog)
    for keys in ("Control+k", "?"):
        alice.history.focus()
        alice.page.keyboard.press(keys)
        expect(dialog).to_be_visible()
        assert faults(alice.page) == [], keys
        close(dialog)
    alice.page.get_by_role("button", name="Alice, menu").click()
    expect(alice.page.get_by_role("radio", name="System")).to_be_visible()
    assert faults(alice.page) == []


def close(dialog: Locator) -> None:
    dialog.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
