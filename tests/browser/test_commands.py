"""Lines that start with a slash."""

from playwright.sync_api import expect

from tests.browser.conftest import People


def test_a_slash_lists_the_commands_with_what_they_do(person: People) -> None:
    alice = person("Alice")
    room = alice.create_room()
    alice.open(room)

    alice.composer.press_sequentially("/")
    offered = alice.page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(offered.first).to_be_visible()
    alice.composer.press_sequentially("to")
    expect(offered).to_have_text(["/topic TEXTChange the topic"])
    alice.composer.press("Tab")
    expect(alice.composer).to_have_value("/topic ")
    alice.composer.press_sequentially("Roses")
    alice.composer.press("Enter")

    expect(alice.page.locator(".service").last).to_contain_text(
        "Alice changed the topic to “Roses”"
    )
    expect(alice.page.locator(".room-header__topic")).to_have_text("Roses")
    expect(alice.texts).to_have_count(0)


def test_help_is_for_me_alone(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    alice.open(room)
    bob.open(room)

    alice.say("/help")
    notice = alice.page.locator(".notice")
    expect(notice).to_contain_text("/invite USER – Add somebody to the room")
    expect(notice).to_contain_text("Only you see this")
    alice.say("and now to all")
    expect(bob.message("and now to all")).to_be_visible()

    expect(bob.page.locator(".notice")).to_have_count(0)
    assert not any("/invite" in frame for frame in bob.heard)
    notice.get_by_role("button", name="Dismiss").click()
    expect(notice).to_have_count(0)


def test_a_member_is_offered_what_members_may_do_in_their_language(person: People) -> None:
    alice, bob = person("Alice"), person("Bob", locale="uk-UA")
    room = alice.create_room(bob)
    bob.page.goto(room.path)
    composer = bob.page.locator("#composer")

    composer.press_sequentially("/")
    offered = bob.page.get_by_role("option")
    expect(offered).to_have_count(4)
    composer.fill("/help ")
    composer.press("Enter")
    expect(bob.page.locator(".notice")).to_contain_text("/invite USER – Запросити до кімнати")
    expect(bob.page.locator(".notice")).not_to_contain_text("/kick")
    composer.fill("/invite ")
    composer.press("Enter")

    expect(bob.page.locator(".notice").last).to_contain_text("пишеться інакше: /invite USER")


def test_an_unknown_command_shows_the_nearest(person: People) -> None:
    alice = person("Alice")
    room = alice.create_room()
    alice.open(room)

    alice.say("/tpoic Roses")

    expect(alice.page.locator(".notice")).to_contain_text("There is no command /tpoic.")
    expect(alice.page.locator(".notice")).to_contain_text("Did you mean /topic TEXT?")
    expect(alice.texts).to_have_count(0)


def test_clear_empties_the_room_for_both(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    for number in range(3):
        alice.post(room, f"leaf {number}")
    alice.open(room)
    bob.open(room)
    expect(bob.texts).to_have_count(3)

    alice.say("/clear")

    for someone in (alice, bob):
        expect(someone.texts).to_have_count(0)
        expect(someone.page.locator(".service")).to_contain_text(["Alice cleared the history"])
    bob.page.reload()
    expect(bob.page.locator(".service")).to_contain_text(["Alice cleared the history"])
    expect(bob.texts).to_have_count(0)
