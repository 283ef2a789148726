"""What is new, where one was, and the way back to it."""

from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.person import PASSWORD

OLDER = 300

# Scrolls there and says where the first message in sight stands: in one go, so that nothing
# can be loaded in between. Browsers tell the page of it with the next frame.
SCROLL = """async (box, top) => {
  box.scrollTop = top;
  const edge = box.getBoundingClientRect().top;
  const shown = [...box.querySelectorAll(".message[data-seq]")];
  const anchor = shown.find((each) => each.getBoundingClientRect().top >= edge);
  const hasMore = box.querySelector(".history__more") !== null;
  const rows = box.querySelectorAll("[data-row]").length;
  const found = { seq: anchor.dataset.seq, top: anchor.getBoundingClientRect().top, rows, hasMore };
  await new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(told)));
  return found;
}"""
TOP_OF = """(box, seq) =>
  box.querySelector(`.message[data-seq="${seq}"]`).getBoundingClientRect().top"""
# From within the page and all at once: one after the other, hundreds would take too long.
POST_MANY = """([room, count]) => {
  const post = (_, number) =>
    fetch(`/api/v1/rooms/${room}/messages`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ key: crypto.randomUUID(), text: `leaf ${number}` }),
    });
  return Promise.all(Array.from({ length: count }, post)).then(() => undefined);
}"""


def test_unread_and_mention_badges_come_and_go_on_all_devices(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    phone = person("Bob", device_of=bob)
    garden, shed = alice.create_room(bob), alice.create_room(bob)
    for device in (bob, phone):
        device.open(shed)

    alice.post(garden, "anybody here?")
    for device in (bob, phone):
        expect(device.badge(garden)).to_have_text("11 unread message")
        expect(device.badge(garden)).not_to_have_class("badge badge--urgent")
        expect(device.page).to_have_title(f"• #{shed.name} · Besedka")
    alice.post(garden, f"@{bob.username} are you?")
    for device in (bob, phone):
        expect(device.badge(garden)).to_have_class("badge badge--urgent")
        expect(device.badge(garden)).to_have_text("11 message for you")
        expect(device.page).to_have_title(f"(1) #{shed.name} · Besedka")
    bob.go(garden)

    for device in (bob, phone):
        expect(device.badge(garden)).to_have_count(0)
        expect(device.page).to_have_title(f"#{(garden if device is bob else shed).name} · Besedka")
    expect(
        bob.message(f"@{bob.username} are you?").and_(bob.page.locator(".message--for-me"))
    ).to_be_visible()


def test_a_room_opens_at_the_first_unread_message(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    garden, shed = alice.create_room(bob), alice.create_room(bob)
    bob.open(garden)
    alice.post(garden, "read")
    expect(bob.message("read")).to_be_visible()
    expect(bob.badge(garden)).to_have_count(0)
    bob.go(shed)
    for number in range(40):
        alice.post(garden, f"unread {number}")
    expect(bob.badge(garden)).to_contain_text("40")

    bob.go(garden)

    line = bob.history.locator(".new-line")
    expect(line).to_have_text("New")
    expect(line).to_be_in_viewport()
    expect(bob.history.locator(".new-line + .message .text")).to_have_text("unread 0")
    expect(bob.message("unread 0")).to_be_in_viewport()
    expect(bob.message("unread 39")).not_to_be_in_viewport()
    latest = bob.page.locator(".history__latest")
    expect(latest).to_have_text("40 new messages")
    latest.click()
    expect(bob.message("unread 39")).to_be_in_viewport()
    expect(bob.badge(garden)).to_have_count(0)


def test_what_comes_never_steals_the_scroll(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room()
    for number in range(40):
        alice.post(room, f"leaf {number}")
    bob.call("PUT", f"rooms/{room.id}/members/{bob.username}")
    bob.open(room)
    expect(bob.message("leaf 39")).to_be_in_viewport()

    before = bob.history.evaluate(SCROLL, 100)
    alice.post(room, "a new one")
    expect(bob.message("a new one")).to_be_attached()

    assert abs(bob.history.evaluate(TOP_OF, before["seq"]) - before["top"]) <= 2
    expect(bob.page.locator(".history__latest")).to_have_text("1 new message")
    bob.history.evaluate("box => box.scrollTop = box.scrollHeight")
    expect(bob.page.locator(".history__latest")).to_have_count(0)
    alice.post(room, "followed")
    expect(bob.message("followed")).to_be_in_viewport()


def test_older_history_loads_without_jumping(person: People) -> None:
    alice = person("Alice")
    room = alice.create_room()
    alice.open()
    alice.page.evaluate(POST_MANY, [room.id, OLDER])
    alice.open(room)
    messages = alice.history.locator(".message[data-seq]")
    rows = alice.history.locator("[data-row]")
    beginning = alice.page.get_by_text(f"This is the beginning of #{room.name}.")
    expect(messages.last).to_be_in_viewport()
    jumps: list[float] = []

    while (before := alice.history.evaluate(SCROLL, 150))["hasMore"]:
        expect(rows.nth(before["rows"])).to_be_attached()
        jumps.append(alice.history.evaluate(TOP_OF, before["seq"]) - before["top"])

    assert len(jumps) >= 2
    assert max(map(abs, jumps)) <= 2, jumps
    expect(messages).to_have_count(OLDER)
    alice.history.evaluate("box => box.scrollTop = 0")
    expect(beginning).to_be_in_viewport()


def test_drafts_survive_a_reload_each_in_its_room(person: People) -> None:
    alice = person("Alice")
    garden, shed = alice.create_room(), alice.create_room()
    alice.open(garden)
    alice.composer.fill("half a thought")
    alice.go(shed)
    expect(alice.composer).to_have_value("")
    alice.composer.fill("another")

    alice.page.reload()
    expect(alice.composer).to_have_value("another")
    alice.go(garden)
    expect(alice.composer).to_have_value("half a thought")
    alice.composer.press("Enter")
    expect(alice.message("half a thought")).to_be_visible()
    alice.page.reload()

    expect(alice.message("half a thought")).to_be_visible()
    expect(alice.composer).to_have_value("")


def test_a_link_to_a_message_survives_signing_in(person: People) -> None:
    alice, bob = person("Alice"), person("Bob")
    room = alice.create_room(bob)
    seqs = [alice.post(room, f"leaf {number}") for number in range(60)]
    bob.context.clear_cookies()

    bob.page.goto(f"{room.path}?seq={seqs[3]}")
    expect(bob.page.get_by_role("heading", name="Sign in")).to_be_visible()
    bob.page.get_by_label("Username").fill(bob.username)
    bob.page.get_by_label("Password").fill(PASSWORD)
    bob.page.get_by_role("button", name="Sign in").click()

    expect(bob.page).to_have_url(f"{bob.server.url}{room.path}?seq={seqs[3]}")
    expect(bob.message("leaf 3")).to_be_in_viewport()
    expect(bob.page.locator(".message--marked .text")).to_have_text("leaf 3")
