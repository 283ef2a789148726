"""Somebody whose account is disabled, and those who turn to them."""

from tests.integration.http.site import Site
from tests.kit import PASSWORD


async def test_neither_cookie_nor_token_nor_password_opens_anything(site: Site) -> None:
    await site.kit.person("zoe")
    bob = await site.kit.person("bob")
    browser = await site.signed_in(bob)
    made = await browser.api("POST", "/tokens", {"name": "robot"})
    program = await site.visitor()
    bearer = {"Authorization": f"Bearer {made.json['secret']}"}
    assert (await program.api("GET", "/session", **bearer)).status == 200

    await site.kit.chat.disable_user(username="bob")

    assert (await browser.api("GET", "/session")).status == 401
    assert (await browser.get("/")).location.startswith("/login")
    assert (await program.api("GET", "/session", **bearer)).status == 401


async def test_signing_in_says_what_it_says_of_a_wrong_password(site: Site) -> None:
    for name in ("zoe", "bob"):
        await site.kit.person(name)
    await site.kit.chat.disable_user(username="bob")
    visitor = await site.visitor()

    right = await visitor.api("POST", "/session", {"username": "bob", "password": PASSWORD})
    wrong = await visitor.api(
        "POST", "/session", {"username": "bob", "password": "a guess of mine"}
    )

    assert (right.status, right.code) == (401, "wrong_credentials")
    assert (right.json, right.cookie("besedka_session")) == (wrong.json, "")


async def test_who_turns_to_them_is_told_why_not(site: Site) -> None:
    zoe, _ = [await site.kit.person(name) for name in ("zoe", "bob")]
    room_id = await site.kit.room(zoe, "garden")
    direct = await site.kit.chat.open_direct(zoe, usernames=["bob"])
    await site.kit.chat.disable_user(username="bob")
    visitor = await site.signed_in(zoe)
    post = {"key": "k", "text": "are you there?"}

    refusals = [
        await visitor.api("PUT", f"/rooms/{room_id}/members/bob"),
        await visitor.api("POST", f"/rooms/{direct.room.id}/messages", post),
    ]

    assert [(each.status, each.code) for each in refusals] == [(409, "user_disabled")] * 2
