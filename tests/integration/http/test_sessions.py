from domain.user import User
from tests.integration.http.site import COOKIE, Site, Visitor
from tests.kit import PASSWORD


async def test_signing_in(anybody: Visitor, alice_user: User) -> None:
    answer = await anybody.api(
        "POST", "/session", {"username": "alice", "password": PASSWORD}, User_Agent="Lynx\t2"
    )

    session = (await anybody.api("GET", "/session")).json["session"]
    assert answer.status == 200
    assert answer.json == {
        "user": {"id": alice_user.id, "username": "alice", "display_name": "alice"}
    }
    assert session["device"] == "Lynx 2"
    assert session["current"] is True


async def test_program_without_a_session_need_not_say_where_it_comes_from(
    anybody: Visitor, alice_user: User
) -> None:
    answer = await anybody.send(
        "POST", "/api/v1/session", json={"username": "alice", "password": PASSWORD}
    )

    assert answer.status == 200


async def test_wrong_name_and_wrong_password_look_the_same(
    anybody: Visitor, alice_user: User
) -> None:
    wrong_name = await anybody.api("POST", "/session", {"username": "x", "password": PASSWORD})
    wrong_password = await anybody.api("POST", "/session", {"username": "alice", "password": "x"})

    assert wrong_name.status == wrong_password.status == 401
    assert wrong_name.text == wrong_password.text
    assert wrong_name.code == "wrong_credentials"


async def test_signing_in_again_ends_the_session_from_before(site: Site, alice: Visitor) -> None:
    before = alice.session

    await alice.api("POST", "/session", {"username": "alice", "password": PASSWORD})

    replayed = await (await site.visitor()).api("GET", "/session", Authorization=f"Bearer {before}")
    assert alice.session != before
    assert replayed.status == 401


async def test_failed_sign_in_ends_nothing(alice: Visitor) -> None:
    await alice.api("POST", "/session", {"username": "bob", "password": "a guess"})

    assert (await alice.api("GET", "/session")).json["user"]["username"] == "alice"


async def test_signing_out_kills_the_secret(site: Site, alice: Visitor) -> None:
    secret = alice.session

    answer = await alice.api("DELETE", "/session")

    replayed = await (await site.visitor()).api("GET", "/session", Authorization=f"Bearer {secret}")
    assert answer.status == 204
    assert "Max-Age=0" in answer.cookie(COOKIE)
    assert replayed.status == 401


async def test_bearer_token_is_as_good_as_the_cookie(
    site: Site, anybody: Visitor, alice_user: User
) -> None:
    secret = await site.secret(alice_user)

    for scheme in ("Bearer", "bearer"):
        answer = await anybody.api("GET", "/session", Authorization=f"{scheme} {secret}")

        assert answer.json["user"]["username"] == "alice"


async def test_bad_bearer_token_does_not_fall_back_on_the_cookie(alice: Visitor) -> None:
    for token in ("Bearer wrong", "Bearer ", "Bearer \u00e9"):
        answer = await alice.api("GET", "/session", Authorization=token)

        assert answer.status == 401


async def test_passwords_of_a_proxy_leave_the_cookie_alone(alice: Visitor) -> None:
    answer = await alice.api("GET", "/session", Authorization="Basic YTpi")

    assert answer.status == 200


async def test_own_devices_are_listed(site: Site, alice: Visitor, alice_user: User) -> None:
    await site.kit.chat.open_session(alice_user, device="Firefox")
    await site.kit.clock.advance(1)

    sessions = (await alice.api("GET", "/sessions")).json["sessions"]

    assert sorted(each["device"] for each in sessions) == ["", "Firefox"]
    assert [each["current"] for each in sessions].count(True) == 1
    assert set(sessions[0]) == {"id", "device", "created_at", "seen_at", "current"}


async def test_other_device_is_signed_out(site: Site, alice: Visitor, alice_user: User) -> None:
    other = await site.signed_in(alice_user)
    session = (await other.api("GET", "/session")).json["session"]

    answer = await alice.api("DELETE", f"/sessions/{session['id']}")

    assert answer.status == 204
    assert (await other.api("GET", "/session")).status == 401


async def test_all_other_devices_are_signed_out(
    site: Site, alice: Visitor, alice_user: User
) -> None:
    others = [await site.signed_in(alice_user) for _ in range(2)]

    answer = await alice.api("DELETE", "/sessions")

    assert answer.json == {"ended": 2}
    assert (await alice.api("GET", "/session")).status == 200
    assert [(await each.api("GET", "/session")).status for each in others] == [401, 401]


async def test_nobody_ends_another_persons_session(bob: Visitor, alice: Visitor) -> None:
    session = (await alice.api("GET", "/session")).json["session"]

    answer = await bob.api("DELETE", f"/sessions/{session['id']}")

    assert answer.status == 404
    assert answer.code == "session_not_found"
    assert (await alice.api("GET", "/session")).status == 200


async def test_session_that_idled_too_long_is_over(site: Site, alice: Visitor) -> None:
    await site.kit.clock.advance(31 * 24 * 3600)

    assert (await alice.api("GET", "/session")).status == 401
