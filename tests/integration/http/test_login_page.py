import pytest
from yarl import URL

from domain.user import User
from tests.integration.http.site import Site, Visitor, served
from tests.kit import PASSWORD, Kit, memory_chat


async def test_form_asks_for_name_and_password(anybody: Visitor) -> None:
    page = await anybody.get("/login")

    assert page.status == 200
    assert 'name="username"' in page.text
    assert 'name="password"' in page.text


async def test_signing_in_leads_to_the_chat_with_a_session(
    anybody: Visitor, alice_user: User
) -> None:
    answer = await anybody.submit("/login", username="Alice", password=PASSWORD)

    assert (answer.status, answer.location) == (303, "/")
    assert (await anybody.get("/")).status == 200


async def test_signing_in_leads_on_to_where_one_was_going(
    anybody: Visitor, alice_user: User
) -> None:
    stopped = await anybody.get("/rooms/%D1%81%D0%B0%D0%B4?seq=12")
    form = await anybody.get(stopped.location)

    answer = await anybody.submit(
        "/login", username="alice", password=PASSWORD, next="/rooms/%D1%81%D0%B0%D0%B4?seq=12"
    )

    assert URL(stopped.location).query["next"] == "/rooms/%D1%81%D0%B0%D0%B4?seq=12"
    assert 'name="next" value="/rooms/%D1%81%D0%B0%D0%B4?seq=12"' in form.text
    assert answer.location == "/rooms/%D1%81%D0%B0%D0%B4?seq=12"


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example"]
)
async def test_signing_in_never_leads_to_another_site(
    anybody: Visitor, alice_user: User, wanted: str
) -> None:
    form = await anybody.send("GET", "/login", params={"next": wanted})
    answer = await anybody.submit("/login", username="alice", password=PASSWORD, next=wanted)

    assert "evil" not in form.text
    assert answer.location == "/"


@pytest.mark.parametrize(
    ("username", "password"),
    [("alice", "not her password"), ("nobody", PASSWORD), ("", ""), ("a\0b", "\ud7ff\0")],
)
async def test_wrong_credentials_show_the_form_again_without_the_password(
    anybody: Visitor, alice_user: User, username: str, password: str
) -> None:
    answer = await anybody.submit("/login", username=username, password=password)

    assert answer.status == 401
    assert "The username or the password is wrong." in answer.text
    assert password == "" or password not in answer.text
    assert not answer.cookie("besedka_session")


async def test_typed_name_is_kept_and_escaped(anybody: Visitor) -> None:
    answer = await anybody.submit(
        "/login", username='"><script>alert(1)</script>', password="whatever it is"
    )

    assert "<script>alert" not in answer.text
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in answer.text


async def test_signing_in_ends_the_session_from_before(
    site: Site, alice: Visitor, bob_user: User
) -> None:
    before = alice.session

    await alice.submit("/login", username="bob", password=PASSWORD)

    replayed = await (await site.visitor()).get("/api/v1/session", Authorization=f"Bearer {before}")
    assert alice.session != before
    assert replayed.status == 401


async def test_guessing_is_slowed_down() -> None:
    async with (
        memory_chat(limits={"sign_ins_per_minute": 1}) as kit,
        served(kit) as site,
    ):
        visitor = await site.visitor()
        await visitor.submit("/login", username="alice", password="guess one")

        answer = await visitor.submit("/login", username="alice", password="guess two")

    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Too many attempts" in answer.text


@pytest.mark.parametrize("path", ["/login", "/register"])
async def test_signed_in_visitors_go_to_the_chat(alice: Visitor, path: str) -> None:
    answer = await alice.get(path)

    assert (answer.status, answer.location) == (303, "/")


async def test_signing_out_ends_the_session_and_clears_the_cookie(
    site: Site, alice: Visitor
) -> None:
    secret = alice.session

    answer = await alice.submit("/logout")

    replayed = await (await site.visitor()).get("/api/v1/session", Authorization=f"Bearer {secret}")
    assert (answer.status, answer.location) == (303, "/login")
    assert "Max-Age=0" in answer.cookie("besedka_session")
    assert replayed.status == 401


async def test_signing_out_twice_is_fine(anybody: Visitor) -> None:
    answer = await anybody.submit("/logout")

    assert (answer.status, answer.location) == (303, "/login")


async def test_no_link_signs_anybody_out(alice: Visitor) -> None:
    answer = await alice.get("/logout")

    assert answer.status == 405
    assert answer.headers["Allow"] == "POST"
    assert (await alice.get("/")).status == 200


async def test_flash_is_said_once(alice: Visitor) -> None:
    await alice.submit("/logout")

    first, second = await alice.get("/login"), await alice.get("/login")

    assert "You are signed out." in first.text
    assert "You are signed out." not in second.text


async def test_flash_says_only_what_this_site_says(anybody: Visitor) -> None:
    anybody.keep("besedka_flash", "Send-your-password-to-evil.example")

    page = await anybody.get("/login")

    assert page.status == 200
    assert "evil" not in page.text


async def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    anybody: Visitor, alice_user: User
) -> None:
    answer = await anybody.submit("/login", username="alice", password=PASSWORD)

    cookie = answer.cookie("besedka_session")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


async def test_session_cookie_over_https_is_secure_and_bound_to_the_host(kit: Kit) -> None:
    await kit.person("alice")
    async with served(kit, secure_cookies=True, public_url="https://chat.example") as site:
        visitor = await site.visitor()

        answer = await visitor.submit(
            "/login", origin="https://chat.example", username="alice", password=PASSWORD
        )

    cookie = answer.cookie("__Host-besedka_session")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Secure"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert not answer.cookie("besedka_session")


async def test_over_https_a_cookie_that_a_neighbour_planted_is_not_read(kit: Kit) -> None:
    alice = await kit.person("alice")
    async with served(kit, secure_cookies=True) as site:
        visitor, secret = await site.visitor(), await site.secret(alice)

        planted = await visitor.get("/api/v1/session", Cookie=f"besedka_session={secret}")
        own = await visitor.get("/api/v1/session", Cookie=f"__Host-besedka_session={secret}")

    assert planted.status == 401
    assert own.status == 200
