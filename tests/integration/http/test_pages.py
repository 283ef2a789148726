import pytest
from yarl import URL

from domain.user import User
from tests.integration.http.site import Site, Visitor


async def test_chat_is_shown_to_who_is_signed_in(alice: Visitor) -> None:
    page = await alice.get("/")

    assert page.status == 200
    assert 'id="app"' in page.text
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-store"


async def test_strangers_are_sent_to_sign_in(anybody: Visitor, alice_user: User) -> None:
    answer = await anybody.get("/")

    assert (answer.status, answer.location) == (303, "/login")


async def test_the_first_one_here_is_sent_to_make_an_account(anybody: Visitor) -> None:
    plain, deep = await anybody.get("/"), await anybody.get("/rooms/garden")

    assert (plain.status, plain.location) == (303, "/register")
    assert URL(deep.location).path == "/register"
    assert URL(deep.location).query["next"] == "/rooms/garden"


@pytest.mark.parametrize("path", ["/rooms/garden", "/rooms/%D1%81%D0%B0%D0%B4?seq=12&x=%26+y"])
async def test_deep_link_is_remembered_while_signing_in(
    anybody: Visitor, alice_user: User, path: str
) -> None:
    answer = await anybody.get(URL(path, encoded=True))

    assert answer.status == 303
    assert URL(answer.location).path == "/login"
    assert URL(answer.location).query["next"] == path


async def test_deep_link_says_why_it_asks_to_sign_in(anybody: Visitor, alice_user: User) -> None:
    await anybody.get("/rooms/garden")

    form = await anybody.get("/login?next=/rooms/garden")

    assert "Sign in first; then you will get where you were going." in form.text


async def test_deep_link_tells_nobody_whether_the_room_exists(
    mallory: Visitor, garden: str
) -> None:
    existing, missing = await mallory.get("/rooms/garden"), await mallory.get("/rooms/nowhere")

    assert existing.status == missing.status == 200
    assert existing.text == missing.text


async def test_ended_session_is_nobody(site: Site, alice: Visitor, alice_user: User) -> None:
    other = await site.signed_in(alice_user)
    await other.api("DELETE", "/sessions")

    answer = await alice.get("/")

    assert (answer.status, answer.location) == (303, "/login")


async def test_display_name_is_text_and_never_html(alice: Visitor) -> None:
    name = '<img src=x onerror="alert(1)">'
    await alice.api("PATCH", "/users/me", {"display_name": name})

    page = await alice.get("/")

    assert "<img src=x" not in page.text


async def test_unknown_page_is_not_found_in_the_language_of_the_visitor(anybody: Visitor) -> None:
    page = await anybody.get("/nowhere", Accept_Language="ru")

    assert page.status == 404
    assert page.headers["Content-Type"].startswith("text/html")
    assert '<html lang="ru">' in page.text


async def test_wrong_method_of_a_page_names_the_right_ones(anybody: Visitor) -> None:
    answer = await anybody.send("DELETE", "/login", headers={"Origin": anybody.origin})

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET,HEAD,POST"


@pytest.mark.parametrize(
    "path", ["/rooms/%00", "/rooms/%ff", "/rooms/%ED%A0%80", "/rooms/a%0d%0ab"]
)
async def test_odd_deep_links_do_no_harm(anybody: Visitor, alice_user: User, path: str) -> None:
    answer = await anybody.get(URL(path, encoded=True))

    assert answer.status == 303
    assert answer.location.startswith("/login")


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("application/json", b"{}", 415),
        ("text/plain", b"username=alice", 415),
        ("application/x-www-form-urlencoded", b"username=%ff&password=x", 400),
        ("application/x-www-form-urlencoded", b"username=\xff", 400),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 100), 400),
        ("application/x-www-form-urlencoded; charset=utf-99", b"username=alice", 401),
        ("application/x-www-form-urlencoded", b"x=" + b"y" * 300_000, 413),
    ],
)
async def test_odd_forms_are_refused_as_a_page(
    anybody: Visitor, content_type: str, body: bytes, status: int
) -> None:
    headers = {"Content-Type": content_type, "Origin": anybody.origin}

    answer = await anybody.send("POST", "/login", data=body, headers=headers)

    assert answer.status == status
    assert answer.headers["Content-Type"].startswith("text/html")
