"""Finding what was said, and going there."""

from playwright.sync_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import NO_SERVER, Person, Room
from tests.browser.test_looks import NARROW, faults
from tests.browser.test_reading import POST_MANY


def panel(someone: Person) -> Locator:
    return someone.page.get_by_role("complementary", name="Search messages")


def field(someone: Person) -> Locator:
    return someone.page.get_by_role("searchbox", name="Search messages")


def results(someone: Person) -> Locator:
    return panel(someone).locator(".search-result")


def hits(someone: Person) -> Locator:
    return results(someone).locator("mark")


def look_for(someone: Person, query: str) -> None:
    """In the room on the screen."""
    if not field(someone).is_visible():
        someone.page.get_by_role("button", name="Search messages").click()
    field(someone).fill(query)


def everywhere(someone: Person) -> None:
    panel(someone).get_by_role("radio", name="Everywhere").check()


def hide(someone: Person, room: Room, needle: str, *, below: int) -> int:
    """Post it, and many leaves after it. Returns the seq of the needle."""
    seq = someone.post(room, needle)
    someone.page.evaluate(POST_MANY, [room.id, below])
    return seq


def marked(someone: Person) -> Locator:
    return someone.history.locator(".message--marked .text")


def test_a_search_finds_while_one_types_here_and_then_everywhere(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    garden, shed = alice.create_room(bob), alice.create_room(bob)
    alice.post(garden, "The **key** to the pavilion is lost")
    alice.post(garden, "Tea, then")
    bob.post(shed, "A pavilion needs no key")
    alice.open(garden)

    look_for(alice, "pavil")
    expect(results(alice)).to_have_count(1)
    expect(hits(alice)).to_have_text(["pavilion"])
    expect(results(alice)).to_contain_text("Alice")
    expect(panel(alice).get_by_role("status")).to_have_text("1 message found")
    everywhere(alice)

    expect(results(alice)).to_have_count(2)
    expect(results(alice).first).to_contain_text(f"#{shed.name}")
    expect(results(alice).first).to_contain_text("A pavilion needs no key")
    expect(results(alice).last).to_contain_text(f"#{garden.name}")


def test_operators_narrow_it_down(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    garden, shed = alice.create_room(bob), alice.create_room(bob)
    alice.post(garden, "old roses in the old garden")
    bob.post(garden, "roses that are old")
    bob.post(shed, "more old roses")
    alice.open(garden)

    for query, texts in (
        ('"old roses"', ["old roses in the old garden"]),
        ("roses -garden", ["roses that are old"]),
        ("roses from:me", ["old roses in the old garden"]),
        (f"roses from:{bob.username} ", ["roses that are old"]),
        ("ros* old before:2999-01-01", ["roses that are old", "old roses in the old garden"]),
        (f"roses in:{shed.name} ", ["more old roses"]),
    ):
        look_for(alice, query)
        alice.page.keyboard.press("Enter")
        expect(panel(alice).locator(".search-result__text")).to_have_text(texts)


def test_names_are_completed_in_a_query(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    garden = alice.create_room(bob)
    bob.post(garden, "a rose")
    alice.post(garden, "another rose")
    alice.open(garden)

    look_for(alice, "")
    panel(alice).get_by_role("button", name="from:me").click()
    field(alice).press_sequentially("bo")
    expect(alice.page.get_by_role("option", name="Bob")).to_be_visible()
    field(alice).press("Enter")

    expect(field(alice)).to_have_value(f"from:{bob.username} ")
    expect(results(alice)).to_have_count(1)
    expect(results(alice)).to_contain_text("a rose")


def test_a_hit_far_up_is_shown_where_it_was_said(person: People) -> None:
    alice = person("Alice")
    garden = alice.create_room()
    alice.open()
    alice.post(garden, "the beginning")
    hide(alice, garden, "the first needle", below=150)
    hide(alice, garden, "the second needle", below=130)
    alice.open(garden)
    alice.composer.fill("half a thought")

    look_for(alice, "needle")
    expect(results(alice)).to_have_count(2)
    results(alice).last.click()
    expect(marked(alice)).to_have_text("the first needle")
    expect(marked(alice)).to_be_in_viewport()
    expect(alice.message("the beginning")).to_be_in_viewport()
    expect(results(alice).last).to_have_attribute("aria-current", "true")
    results(alice).first.click()

    expect(marked(alice)).to_have_text("the second needle")
    expect(marked(alice)).to_be_in_viewport()
    expect(panel(alice)).to_be_visible()
    expect(alice.composer).to_have_value("half a thought")
    seqs = alice.history.locator(".message[data-seq]").evaluate_all(
        "messages => messages.map((message) => Number(message.dataset.seq))"
    )
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
    panel(alice).get_by_role("button", name="Close").click()
    expect(alice.message("the second needle")).to_be_in_viewport()


def test_a_hit_in_a_room_that_was_never_open_opens_it_there(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    garden, shed = alice.create_room(bob), alice.create_room(bob)
    bob.open()
    seq = hide(bob, shed, "the needle", below=150)
    alice.open(garden)

    alice.page.get_by_role("button", name="Search everywhere").click()
    field(alice).fill("needle")
    results(alice).click()

    expect(alice.heading(shed.name)).to_be_visible()
    expect(marked(alice)).to_have_text("the needle")
    expect(marked(alice)).to_be_in_viewport()
    expect(alice.page).to_have_url(f"{alice.server.url}{shed.path}?seq={seq}")
    expect(panel(alice)).to_be_visible()


def test_more_is_loaded_by_button_and_by_scrolling(person: People) -> None:
    alice = person("Alice")
    garden = alice.create_room()
    alice.open(garden)
    alice.page.evaluate(POST_MANY, [garden.id, 50])

    look_for(alice, "leaf")
    expect(results(alice)).to_have_count(20)
    expect(panel(alice).get_by_role("status")).to_have_text("The newest 20 messages")
    # Not `click`, which scrolls there first, and scrolling loads by itself.
    panel(alice).get_by_role("button", name="Show more").dispatch_event("click")
    expect(results(alice)).to_have_count(40)
    results(alice).last.scroll_into_view_if_needed()

    expect(results(alice)).to_have_count(50)
    expect(panel(alice).get_by_role("button", name="Show more")).to_have_count(0)


def test_searching_goes_by_keys(person: People) -> None:
    alice = person("Alice")
    garden = alice.create_room()
    alice.open(garden)
    hide(alice, garden, "the first needle", below=80)
    alice.post(garden, "the second needle")
    page, keyboard = alice.page, alice.page.keyboard
    expect(alice.composer).to_be_focused()

    keyboard.press("Control+Shift+F")
    expect(field(alice)).to_be_focused()
    keyboard.type("needle")
    expect(results(alice)).to_have_count(2)
    keyboard.press("ArrowDown")
    expect(results(alice).first).to_be_focused()
    keyboard.press("ArrowDown")
    expect(results(alice).last).to_be_focused()
    keyboard.press("Enter")
    expect(marked(alice)).to_have_text("the first needle")
    expect(results(alice).last).to_be_focused()
    keyboard.press("ArrowUp")
    keyboard.press("ArrowUp")
    expect(field(alice)).to_be_focused()
    keyboard.press("Escape")

    expect(panel(alice)).to_have_count(0)
    expect(alice.composer).to_be_focused()
    alice.history.focus()
    keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Search messages")


def test_what_is_wrong_with_a_query_is_explained(person: People) -> None:
    alice = person("Alice", locale="ru-RU")
    garden = alice.create_room()
    alice.page.goto(garden.path)
    alice.page.get_by_role("button", name="Поиск сообщений").click()
    search = alice.page.get_by_role("searchbox")
    told = alice.page.locator(".search").get_by_role("alert")

    for query, problem in (
        ("роза before:вчера ", "После before: нужен день, например 2026-11-20."),
        ("роза from:nobody-here ", "Никого с таким именем нет."),
        ("in:nowhere роза", "Такой комнаты у вас нет."),
        ("-роза", "Добавьте слово, которое нужно найти, или from:имя."),
    ):
        search.fill(query)
        search.press("Enter")
        expect(told).to_have_text(problem)
    search.fill("роза")

    expect(told).to_be_empty()
    expect(alice.page.get_by_text("Ничего не найдено")).to_be_visible()


def test_markup_in_hits_shows_as_text(person: People) -> None:
    mallory, alice = person("Mallory"), person("Alice")
    garden = mallory.create_room(alice)
    hostile = "<img src=x onerror=hacked=1> needle <b>bold</b>"
    mallory.post(garden, hostile)
    alice.open(garden)

    look_for(alice, "needle")

    expect(panel(alice).locator(".search-result__text")).to_have_text(hostile)
    assert results(alice).locator("img, b").count() == 0
    assert alice.page.evaluate("window.hacked") is None


def test_on_a_phone_the_search_fills_the_screen_and_gives_way(person: People) -> None:
    alice = person("Alice", viewport=NARROW, has_touch=True, is_mobile=True)
    garden = alice.create_room()
    alice.open(garden)
    hide(alice, garden, "the needle " + "w" * 300, below=80)

    alice.page.get_by_role("button", name="Search messages").tap()
    expect(panel(alice)).to_be_in_viewport(ratio=1)
    assert alice.page.evaluate("document.elementFromPoint(5, 700).closest('.search') !== null")
    field(alice).fill("needle")
    expect(results(alice)).to_have_count(1)
    assert alice.page.evaluate("document.scrollingElement.scrollWidth") == NARROW["width"]
    assert faults(alice.page) == []
    results(alice).tap()

    expect(panel(alice)).to_have_count(0)
    expect(marked(alice)).to_contain_text("the needle")
    expect(marked(alice)).to_be_in_viewport()
    alice.page.get_by_role("button", name="Search messages").tap()
    expect(results(alice)).to_have_count(1)


def test_axe_finds_nothing_in_the_search(person: People) -> None:
    alice = person("Alice", reduced_motion="reduce")
    garden = alice.create_room()
    alice.post(garden, "the needle")
    alice.open(garden)

    for scheme in ("light", "dark"):
        alice.page.emulate_media(color_scheme=scheme)
        look_for(alice, "")
        expect(panel(alice).get_by_role("button", name="in:garden")).to_be_visible()
        assert faults(alice.page) == []
        look_for(alice, "needle")
        expect(hits(alice)).to_have_count(1)
        results(alice).click()
        expect(marked(alice)).to_be_visible()
        assert faults(alice.page) == []
        look_for(alice, "from:")
        expect(alice.page.get_by_role("listbox", name="Suggestions")).to_be_visible()
        assert faults(alice.page) == []
        look_for(alice, "before:never x")
        alice.page.keyboard.press("Enter")
        expect(panel(alice).get_by_role("alert")).not_to_be_empty()
        assert faults(alice.page) == []


def test_a_search_that_could_not_be_asked_is_asked_again(person: People) -> None:
    alice = person("Alice")
    garden = alice.create_room()
    alice.post(garden, "the needle")
    alice.open(garden)
    look_for(alice, "needle")
    expect(results(alice)).to_have_count(1)

    alice.expect_trouble(NO_SERVER)
    alice.server.stop()
    expect(alice.page.locator(".connection")).not_to_have_text("Online")
    field(alice).fill("the needle")
    told = panel(alice).get_by_role("alert")
    expect(told).to_have_text("There is no connection to the server just now.")
    expect(results(alice)).to_have_count(1)
    alice.server.start()
    alice.is_online()
    panel(alice).get_by_role("button", name="Try again").click()

    expect(told).to_be_empty()
    expect(hits(alice)).to_have_text(["the", "needle"])
