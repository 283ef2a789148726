from domain.user import User
from tests.integration.http.site import COOKIE, Site, Visitor
from tests.kit import PASSWORD, Kit

ALICE = {"username": "alice", "password": PASSWORD}


async def test_registering_creates_an_account_and_signs_in(anybody: Visitor) -> None:
    answer = await anybody.api(
        "POST", "/users", {**ALICE, "email": "a@example.org", "display_name": "Alice"}
    )

    user = answer.json["user"]
    assert answer.status == 201
    assert user == {"id": user["id"], "username": "alice", "display_name": "Alice"}
    assert (await anybody.api("GET", "/session")).json["user"] == user
    assert "HttpOnly" in answer.cookie(COOKIE)


async def test_registering_ends_the_session_from_before(
    site: Site, alice: Visitor, kit: Kit
) -> None:
    before = alice.session

    await alice.api("POST", "/users", {"username": "carol", "password": PASSWORD})

    replayed = await (await site.visitor()).api("GET", "/session", Authorization=f"Bearer {before}")
    assert replayed.code == "not_signed_in"


async def test_taken_name_is_a_conflict(anybody: Visitor, alice_user: User) -> None:
    answer = await anybody.api("POST", "/users", ALICE)

    assert answer.status == 409
    assert answer.code == "username_taken"
    assert list(answer.json["errors"]) == ["username"]


async def test_people_are_found_by_the_start_of_their_name(
    alice: Visitor, mallory_user: User
) -> None:
    found = await alice.api("GET", "/users?query=MAL")

    (mallory,) = found.json["users"]
    assert mallory["username"] == "mallory"
    assert mallory["online"] is False


async def test_as_many_people_as_asked_for(alice: Visitor, mallory_user: User) -> None:
    found = await alice.api("GET", "/users?limit=2")

    assert [each["username"] for each in found.json["users"]] == ["alice", "bob"]


async def test_somebody_by_name(alice: Visitor, bob_user: User) -> None:
    found = await alice.api("GET", "/users/BOB")

    assert found.json["user"]["id"] == bob_user.id


async def test_somebody_called_me_is_found(alice: Visitor, kit: Kit) -> None:
    somebody = await kit.person("me")

    found = await alice.api("GET", "/users/me")

    assert found.json["user"]["id"] == somebody.id


async def test_nobody_by_that_name(alice: Visitor) -> None:
    answer = await alice.api("GET", "/users/nobody")

    assert answer.status == 404
    assert answer.code == "user_not_found"


async def test_people_are_shown_to_nobody_who_is_not_signed_in(
    anybody: Visitor, alice_user: User
) -> None:
    for path in ("/users", "/users/alice"):
        answer = await anybody.api("GET", path)

        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="besedka"'
        assert answer.code == "not_signed_in"


async def test_own_display_name_changes(alice: Visitor) -> None:
    answer = await alice.api("PATCH", "/users/me", {"display_name": "Алиса"})

    assert answer.json["user"]["display_name"] == "Алиса"
    assert (await alice.api("GET", "/users/alice")).json["user"]["display_name"] == "Алиса"


async def test_nobody_changes_another_account(alice: Visitor, bob_user: User) -> None:
    answer = await alice.api("PATCH", "/users/bob", {"display_name": "Bobby"})

    assert answer.status == 405
    assert answer.code == "method_not_allowed"


async def test_changing_the_password_ends_all_other_sessions(
    site: Site, alice: Visitor, alice_user: User
) -> None:
    other = await site.signed_in(alice_user)

    answer = await alice.api(
        "PUT", "/password", {"current": PASSWORD, "new": "another garden with a bench"}
    )

    assert (answer.status, answer.text) == (204, "")
    assert (await alice.api("GET", "/session")).status == 200
    assert (await other.api("GET", "/session")).status == 401


async def test_password_is_changed_only_by_who_knows_it(alice: Visitor) -> None:
    answer = await alice.api("PUT", "/password", {"current": "a guess", "new": "long enough it is"})

    assert answer.status == 401
    assert answer.code == "wrong_credentials"


async def test_refused_new_password_is_named_as_it_was_sent(alice: Visitor) -> None:
    answer = await alice.api("PUT", "/password", {"current": PASSWORD, "new": "short"})

    assert answer.status == 422
    assert answer.code == "password_too_short"
    assert list(answer.json["errors"]) == ["new"]
