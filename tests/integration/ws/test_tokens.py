"""Sockets of programs, which come with a personal access token."""

import pytest

from application.use_cases.create_token import NewToken
from domain.ids import RoomId
from tests.integration.ws.server import Person, Server
from tests.kit import PASSWORD
from tests.wire_client import Rejected

COOKIE = "besedka_session"
PATHS = ("/ws", "/ws/garden")


@pytest.fixture
async def token(server: Server, alice: Person) -> NewToken:
    session = (await server.kit.chat.authenticate(alice.secret)).session
    return await server.kit.chat.create_token(alice.user, session_id=session.id, name="robot")


async def test_a_token_opens_sockets_and_says_who_comes(
    server: Server, alice: Person, garden: RoomId, token: NewToken
) -> None:
    robot = await server.connect(token.secret)
    welcome = await robot.hello()

    posted = await robot.ask("post", room=garden, key="k", text="I am a robot")

    assert welcome["user"]["username"] == "alice"
    assert posted["seq"] > 0


async def test_an_ended_token_closes_its_sockets_and_no_others(
    server: Server, alice: Person, garden: RoomId, token: NewToken
) -> None:
    browser = await alice.client()
    robot, plain = await server.connect(token.secret), await server.connect(token.secret, PATHS[1])
    await robot.hello()

    await server.kit.chat.end_token(alice.user, token_id=token.token.id)

    for client in (robot, plain):
        assert await client.closed(within=1) == 4001
    assert await browser.ask("ping")
    with pytest.raises(Rejected) as rejected:
        await server.connect(token.secret)
    assert rejected.value.status == 401


async def test_signing_out_leaves_the_sockets_of_tokens(
    server: Server, alice: Person, garden: RoomId, token: NewToken
) -> None:
    browser, robot = await alice.client(), await server.connect(token.secret)
    await robot.hello()

    await server.kit.chat.end_sessions.all_but(alice.user, kept="none")
    await server.gateway._watch.look()

    assert await browser.closed(within=1) == 4001
    assert await robot.ask("ping")


async def test_a_new_password_closes_the_sockets_of_tokens(
    server: Server, alice: Person, token: NewToken
) -> None:
    robot = await server.connect(token.secret)
    await robot.hello()
    session = (await server.kit.chat.authenticate(alice.secret)).session

    await server.kit.chat.change_password(
        alice.user, current=PASSWORD, new="a pavilion with a garden", session_id=session.id
    )

    assert await robot.closed(within=1) == 4001


@pytest.mark.parametrize("path", PATHS)
async def test_a_token_in_a_cookie_opens_nothing(
    server: Server, garden: RoomId, token: NewToken, path: str
) -> None:
    headers = {"Cookie": f"{COOKIE}={token.secret}", "Origin": server.address}

    with pytest.raises(Rejected) as rejected:
        await server.connect(None, path, headers=headers)

    assert rejected.value.status == 401
