"""A server that nobody owns yet, and those who reach it first."""

import pytest

from adapters.http.register_page import setup_path
from tests.integration.http.site import Site, Visitor, served
from tests.kit import PASSWORD, Kit

ALICE = {"username": "alice", "password": PASSWORD}
FORM = {**ALICE, "password_again": PASSWORD}
FOR_ALL = {"host": "0.0.0.0"}
PROXY = {"trusted_proxies": ("127.0.0.1",)}


def secret_of(kit: Kit) -> str:
    return str(kit.container.setup_link().secret)


async def test_a_stranger_cannot_make_the_first_account(kit: Kit) -> None:
    async with served(kit, **FOR_ALL) as site:
        stranger = await site.visitor()

        page = await stranger.get("/register")
        submitted = await stranger.submit("/register", **FORM)
        asked = await stranger.api("POST", "/users", {**ALICE, "setup": "0" * 32})

    for answer in (page, submitted):
        assert answer.status == 403
        assert "makes the first account by the setup link" in answer.text
        assert "<form" not in answer.text
    assert (asked.status, asked.code) == (403, "setup_link_required")
    assert not await kit.chat.is_site_claimed()


async def test_the_setup_link_leads_to_the_account_that_owns_the_site(kit: Kit) -> None:
    async with served(kit, **FOR_ALL) as site:
        operator = await site.visitor()

        page = await operator.get(setup_path(secret_of(kit)))
        mistyped = await operator.submit(
            "/register", **{**FORM, "password_again": "?"}, setup=secret_of(kit)
        )
        made = await operator.submit("/register", **FORM, setup=secret_of(kit))

    hidden = f'<input type="hidden" name="setup" value="{secret_of(kit)}">'
    assert page.status == 200
    assert "this account becomes the owner" in page.text
    assert hidden in page.text
    assert (mistyped.status, hidden in mistyped.text) == (422, True)
    assert (made.status, made.location) == (303, "/")
    assert (await kit.chat.sign_in(**ALICE)).user.is_site_owner


async def test_a_program_makes_the_first_account_with_the_secret(kit: Kit) -> None:
    async with served(kit, **FOR_ALL) as site:
        program = await site.visitor()

        made = await program.api("POST", "/users", {**ALICE, "setup": secret_of(kit)})

    assert made.status == 201
    assert (await kit.chat.sign_in(**ALICE)).user.is_site_owner


async def test_a_setup_link_that_has_done_its_work_says_so(kit: Kit) -> None:
    await kit.person("zoe")
    async with served(kit, **FOR_ALL) as site:
        late = await site.visitor()

        page = await late.get(setup_path(secret_of(kit)))
        plain = await late.get("/register")

    assert "This setup link has done its work" in page.text
    assert "becomes the owner" not in page.text
    assert secret_of(kit) not in page.text
    assert "This setup link" not in plain.text


async def test_what_is_in_the_link_stays_text(kit: Kit) -> None:
    async with served(kit) as site:
        page = await (await site.visitor()).get('/register?setup="><b>')

    assert "<b>" not in page.text


async def first_look(site: Site, headers: dict[str, str]) -> int:
    visitor: Visitor = await site.visitor()
    return (await visitor.send("GET", "/register", headers=headers)).status


@pytest.mark.parametrize(
    ("options", "headers"),
    [
        ({}, {}),
        ({}, {"Host": "localhost:8080"}),
        ({"host": "localhost"}, {}),
        ({"host": "::1"}, {"Host": "[::1]:8080"}),
        ({"public_url": "http://localhost:8080"}, {}),
        (PROXY, {}),
        (PROXY, {"X-Forwarded-For": "127.0.0.1"}),
        ({**PROXY, "public_url": "https://127.0.0.1"}, {"X-Forwarded-For": "127.0.0.1"}),
    ],
)
async def test_who_sits_at_the_machine_needs_no_link(
    kit: Kit, options: dict[str, str], headers: dict[str, str]
) -> None:
    async with served(kit, **options) as site:
        assert await first_look(site, headers) == 200


@pytest.mark.parametrize(
    ("options", "headers"),
    [
        # The server is for others, whoever asks.
        (FOR_ALL, {}),
        ({"host": "::"}, {}),
        ({"host": "192.168.1.5"}, {}),
        ({"host": "chat.example.org"}, {}),
        ({"public_url": "https://chat.example.org"}, {}),
        # Through a proxy that is believed, or that is not.
        (PROXY, {"X-Forwarded-For": "203.0.113.9"}),
        (PROXY, {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}),
        (PROXY, {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "chat.example.org"}),
        (PROXY, {"Via": "1.1 proxy"}),
        ({}, {"X-Forwarded-For": "127.0.0.1"}),
        ({}, {"X-Forwarded-For": "203.0.113.9"}),
        ({}, {"Forwarded": "for=203.0.113.9"}),
        ({}, {"X-Real-IP": "203.0.113.9"}),
        ({}, {"Via": "1.1 proxy"}),
        ({"trusted_proxies": ("10.0.0.0/8",)}, {"X-Forwarded-For": "127.0.0.1"}),
        # A proxy that adds nothing of its own, or a name that was made to mean this machine.
        ({}, {"Host": "chat.example.org"}),
        ({}, {"Host": "127.0.0.1.evil.example"}),
        ({}, {"Host": "[::1"}),
        ({}, {"Host": ""}),
    ],
)
async def test_who_may_be_anybody_needs_the_link(
    kit: Kit, options: dict[str, str], headers: dict[str, str]
) -> None:
    async with served(kit, **options) as site:
        assert await first_look(site, headers) == 403
