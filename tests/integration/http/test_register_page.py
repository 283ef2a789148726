import pytest

from domain.user import User
from tests.integration.http.site import Answer, Visitor
from tests.kit import PASSWORD, Kit


async def register(visitor: Visitor, **changes: str) -> Answer:
    fields = {
        "username": "alice",
        "display_name": "Alice",
        "email": "alice@example.org",
        "password": PASSWORD,
        "password_again": PASSWORD,
        "next": "/",
    }
    return await visitor.submit("/register", **{**fields, **changes})


async def test_registering_signs_in(anybody: Visitor) -> None:
    answer = await register(anybody, next="/rooms/garden")

    session = await anybody.api("GET", "/session")
    assert (answer.status, answer.location) == (303, "/rooms/garden")
    assert session.json["user"]["display_name"] == "Alice"


async def test_name_to_show_is_the_username_unless_given(anybody: Visitor) -> None:
    await register(anybody, display_name="  ", email="")

    assert (await anybody.api("GET", "/session")).json["user"]["display_name"] == "alice"


async def test_registering_says_hello_on_the_next_page(anybody: Visitor) -> None:
    answer = await register(anybody)

    assert "besedka_flash=hello" in answer.cookie("besedka_flash")
    assert {"HttpOnly", "SameSite=Lax"} <= set(answer.cookie("besedka_flash").split("; "))


async def test_first_visitor_learns_that_they_will_own_the_site(anybody: Visitor) -> None:
    page = await anybody.get("/register")

    assert "this account becomes the owner" in page.text


async def test_later_visitors_are_told_nothing_of_the_kind(
    anybody: Visitor, alice_user: User
) -> None:
    page = await anybody.get("/register")

    assert "this account becomes the owner" not in page.text


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"username": "1st"}, 422, "A username starts with a letter"),
        ({"username": ""}, 422, "A username starts with a letter"),
        ({"username": "аlice"}, 422, "A username starts with a letter"),
        ({"username": "e" + "\u0301" * 10_000}, 422, "A username starts with a letter"),
        ({"password": "short", "password_again": "short"}, 422, "at least 8 characters"),
        ({"password": "password1", "password_again": "password1"}, 422, "attackers try"),
        ({"password": "p" * 129, "password_again": "p" * 129}, 422, "at most 128"),
        ({"password_again": "something else"}, 422, "The two passwords differ."),
        ({"email": "not an address"}, 422, "does not look like an e-mail address"),
        ({"display_name": "two\nlines"}, 422, "This name cannot be shown."),
        ({"username": "TAKEN"}, 409, "This username is taken."),
    ],
)
async def test_refusal_is_shown_beside_its_field_and_values_are_kept(
    anybody: Visitor, kit: Kit, alice_user: User, changes: dict[str, str], status: int, message: str
) -> None:
    await kit.person("taken")

    answer = await register(anybody, **{"username": "newcomer", "email": "n@x.org", **changes})

    assert answer.status == status
    assert message in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert f'value="{changes.get("email", "n@x.org")}"' in answer.text
    assert PASSWORD not in answer.text
    assert anybody.session is None


async def test_form_in_the_language_of_the_browser(anybody: Visitor) -> None:
    page = await anybody.get("/register", Accept_Language="ru-RU,ru;q=0.9,en;q=0.5")

    assert '<html lang="ru">' in page.text


async def test_form_in_the_language_that_was_chosen(anybody: Visitor) -> None:
    anybody.keep("besedka_locale", "uk")

    page = await anybody.get("/register", Accept_Language="ru")

    assert '<html lang="uk">' in page.text


async def test_several_refused_fields_of_html_stay_text(anybody: Visitor) -> None:
    answer = await register(anybody, email="<svg onload=alert(1)>@x", username="<b>")

    assert "<svg" not in answer.text
    assert "<b>" not in answer.text
