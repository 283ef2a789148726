"""A server at which nobody can register but the first."""

from collections.abc import AsyncIterator

import pytest

from adapters.http.register_page import setup_path
from tests.integration.http.site import Site, served
from tests.kit import PASSWORD, Kit, memory_chat

BOB = {"username": "bob", "password": PASSWORD}
REASON = "Nobody can register here."
LINK = 'href="/register'


@pytest.fixture
async def closed() -> AsyncIterator[Site]:
    async with memory_chat(registration="closed") as kit, served(kit) as site:
        yield site


@pytest.fixture
async def owned(closed: Site) -> Site:
    await closed.kit.person("alice")
    return closed


async def test_the_first_who_comes_is_led_to_the_account_that_owns_the_site(closed: Site) -> None:
    alice = await closed.visitor()

    sign_in = await alice.get("/login")
    page = await alice.get("/register")
    made = await alice.submit(
        "/register", username="alice", password=PASSWORD, password_again=PASSWORD
    )

    assert LINK in sign_in.text
    assert "becomes the owner" in page.text
    assert made.status == 303


async def test_a_program_is_refused_with_the_code(owned: Site) -> None:
    refused = await (await owned.visitor()).api("POST", "/users", BOB)

    assert (refused.status, refused.code) == (403, "registration_closed")


async def test_the_page_says_so_and_has_no_form(owned: Site) -> None:
    visitor = await owned.visitor()

    for answer in (
        await visitor.get("/register"),
        await visitor.submit("/register", **BOB, password_again=PASSWORD),
    ):
        assert answer.status == 403
        assert REASON in answer.text
        assert "<form" not in answer.text
        assert 'href="/login' in answer.text


async def test_it_is_not_offered_where_people_sign_in(owned: Site) -> None:
    visitor = await owned.visitor()

    page = await visitor.get("/login")
    refused = await visitor.submit("/login", **BOB)

    assert page.status == 200
    assert LINK not in page.text
    assert LINK not in refused.text


async def test_a_setup_link_that_has_done_its_work_says_so(owned: Site) -> None:
    page = await (await owned.visitor()).get(setup_path(owned.kit.container.setup_link().secret))

    assert page.status == 403
    assert "This setup link has done its work" in page.text
    assert REASON in page.text


async def test_it_is_offered_where_registration_is_open(kit: Kit) -> None:
    await kit.person("alice")
    async with served(kit) as site:
        page = await (await site.visitor()).get("/login")

    assert LINK in page.text
