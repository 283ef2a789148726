"""Personal access tokens over HTTP: made in person, used by programs, of no use to a thief."""

import pytest

from domain.user import User
from tests.integration.http.site import COOKIE, Answer, Site, Visitor
from tests.kit import PASSWORD


async def made_by(visitor: Visitor, **fields: object) -> Answer:
    return await visitor.api("POST", "/tokens", {"name": "backup", **fields})


class Robot:
    """A program with a token, which says nothing of where it comes from."""

    def __init__(self, visitor: Visitor, secret: str) -> None:
        self._visitor = visitor
        self._headers = {"Authorization": f"Bearer {secret}"}

    async def ask(self, method: str, path: str, body: object = None) -> Answer:
        extra = {} if body is None else {"json": body}
        return await self._visitor.send(method, f"/api/v1{path}", headers=self._headers, **extra)


@pytest.fixture
async def secret(alice: Visitor) -> str:
    return str((await made_by(alice)).json["secret"])


@pytest.fixture
async def robot(site: Site, secret: str) -> Robot:
    return Robot(await site.visitor(), secret)


async def test_a_token_is_made_and_its_secret_is_shown_once(alice: Visitor) -> None:
    answer = await made_by(alice, expires_in_days=3)

    token = answer.json["token"]
    assert answer.status == 201
    assert set(answer.json) == {"token", "secret"}
    assert set(token) == {"id", "name", "created_at", "seen_at", "expires_at"}
    listed = await alice.api("GET", "/tokens")
    assert listed.json == {"tokens": [token]}
    assert answer.json["secret"] not in listed.text


async def test_a_token_that_does_not_expire_says_nothing_of_it(alice: Visitor) -> None:
    token = (await made_by(alice)).json["token"]

    assert set(token) == {"id", "name", "created_at", "seen_at"}


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"name": ""}, 422),
        ({"name": "a\nb"}, 422),
        ({"name": "x" * 65}, 422),
        ({"name": 1}, 422),
        ({"expires_in_days": 0}, 422),
        ({"expires_in_days": 10**9}, 422),
        ({"expires_in_days": "3"}, 422),
        ({"expires_in_days": 1.5}, 422),
    ],
)
async def test_what_is_no_name_or_life_is_refused(
    alice: Visitor, fields: dict[str, object], status: int
) -> None:
    assert (await made_by(alice, **fields)).status == status
    assert (await alice.api("GET", "/tokens")).json == {"tokens": []}


async def test_a_program_acts_by_a_token_alone(robot: Robot, alice_user: User) -> None:
    made = await robot.ask("POST", "/rooms", {"name": "garden"})
    who = await robot.ask("GET", "/session")

    assert made.status == 201
    assert who.json["user"]["id"] == alice_user.id
    assert who.json["token"]["name"] == "backup"
    assert set(who.json) == {"user", "token"}


async def test_a_token_is_no_cookie(site: Site, secret: str) -> None:
    browser = await site.visitor()
    browser.keep(COOKIE, secret)

    assert (await browser.api("GET", "/session")).status == 401
    assert (await browser.get("/")).location.startswith("/login")
    assert (await browser.api("POST", "/rooms", {"name": "garden"})).status == 401


async def test_signing_in_over_a_cookie_with_a_token_leaves_the_token(
    site: Site, secret: str, robot: Robot
) -> None:
    browser = await site.visitor()
    browser.keep(COOKIE, secret)

    await browser.api("POST", "/session", {"username": "alice", "password": PASSWORD})

    assert (await robot.ask("GET", "/session")).status == 200


async def test_a_token_cannot_entrench_itself(
    site: Site, alice: Visitor, robot: Robot, alice_user: User
) -> None:
    token = (await alice.api("GET", "/tokens")).json["tokens"][0]
    session = (await alice.api("GET", "/session")).json["session"]
    new_password = {"current": PASSWORD, "new": "another garden"}

    for method, path, body in (
        ("POST", "/tokens", {"name": "more"}),
        ("GET", "/tokens", None),
        ("DELETE", f"/tokens/{token['id']}", None),
        ("GET", "/sessions", None),
        ("DELETE", "/sessions", None),
        ("DELETE", f"/sessions/{session['id']}", None),
        ("DELETE", "/session", None),
        ("PUT", "/password", new_password),
    ):
        answer = await robot.ask(method, path, body)

        assert (answer.status, answer.code) == (403, "not_by_token"), (method, path)

    assert (await alice.api("GET", "/session")).status == 200
    assert (await alice.api("GET", "/tokens")).json == {"tokens": [token]}
    assert (await robot.ask("GET", "/session")).status == 200


async def test_an_ended_token_opens_nothing(alice: Visitor, robot: Robot) -> None:
    token = (await alice.api("GET", "/tokens")).json["tokens"][0]

    answer = await alice.api("DELETE", f"/tokens/{token['id']}")

    assert answer.status == 204
    assert (await robot.ask("GET", "/session")).status == 401
    again = await alice.api("DELETE", f"/tokens/{token['id']}")
    assert (again.status, again.code) == (404, "token_not_found")


async def test_nobody_ends_or_sees_another_persons_token(
    alice: Visitor, bob: Visitor, robot: Robot
) -> None:
    token = (await alice.api("GET", "/tokens")).json["tokens"][0]

    answer = await bob.api("DELETE", f"/tokens/{token['id']}")

    assert (answer.status, answer.code) == (404, "token_not_found")
    assert (await bob.api("GET", "/tokens")).json == {"tokens": []}
    assert (await robot.ask("GET", "/session")).status == 200


async def test_devices_and_tokens_are_not_mixed_up(alice: Visitor, robot: Robot) -> None:
    token = (await alice.api("GET", "/tokens")).json["tokens"][0]
    session = (await alice.api("GET", "/session")).json["session"]

    assert (await alice.api("DELETE", f"/sessions/{token['id']}")).code == "session_not_found"
    assert (await alice.api("DELETE", f"/tokens/{session['id']}")).code == "token_not_found"
    assert len((await alice.api("GET", "/sessions")).json["sessions"]) == 1
    assert (await alice.api("DELETE", "/sessions")).json == {"ended": 0}
    assert (await robot.ask("GET", "/session")).status == 200


async def test_a_new_password_ends_tokens(alice: Visitor, robot: Robot) -> None:
    new = {"current": PASSWORD, "new": "another garden"}

    assert (await alice.api("PUT", "/password", new)).status == 204

    assert (await robot.ask("GET", "/session")).status == 401
    assert (await alice.api("GET", "/tokens")).json == {"tokens": []}


async def test_nobody_makes_tokens_from_another_site_or_without_a_session(
    alice: Visitor, anybody: Visitor
) -> None:
    forged = await alice.api("POST", "/tokens", {"name": "x"}, Origin="https://evil.example")

    assert forged.status == 403
    assert forged.code == "cross_site"
    assert (await made_by(anybody)).status == 401


async def test_there_are_at_most_fifty(alice: Visitor) -> None:
    answers = [await made_by(alice) for _ in range(51)]

    assert [each.status for each in answers] == [201] * 50 + [409]
    assert answers[-1].code == "too_many_tokens"
