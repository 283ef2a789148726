"""What the operator does beside a server that runs: another process, on the same database. Nobody
tells the server of it."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.ws import session_watch
from domain.errors import NotSignedIn
from tests.integration.ws.conftest import Serve
from tests.integration.ws.server import Person, Server, eventually
from tests.wire_client import Refused, Rejected, WireClient

ROOT = Path(__file__).parents[3]
# Seconds. Half of one is promised; a busy machine is slower, but not as slow as the look at all.
SOON = 5.0


async def operate(server: Server, *arguments: str, typed: str = "") -> str:
    """What that command prints, once it is done."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bootstrap", *arguments),
        cwd="/",
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "src"),
            "DATABASE_URL": server.kit.container.config.database_url(),
        },
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(process.communicate(typed.encode()), 60)
    assert (process.returncode, errors.decode()) == (0, "")
    return output.decode()


@dataclass
class SignedIn:
    """Somebody with a browser, a script on the plain socket and a program that has a token."""

    secrets: list[str]
    sockets: list[WireClient]

    async def has_ended(self, server: Server) -> None:
        """No request and no new socket is taken any more, and those that are there close."""
        for secret in self.secrets:
            with pytest.raises(NotSignedIn):
                await server.kit.chat.authenticate(secret)
            for path in ("/ws", "/ws/garden"):
                with pytest.raises(Rejected) as rejected:
                    await server.connect(secret, path)
                assert rejected.value.status == 401
        for socket in self.sockets:
            assert await socket.closed(within=SOON) == 4001


async def signed_in(person: Person) -> SignedIn:
    chat = person.server.kit.chat
    session = (await chat.authenticate(person.secret)).session
    token = await chat.create_token(person.user, session_id=session.id, name="robot")
    browser, script = await person.client(), await person.knock("/ws/garden")
    program = await person.server.connect(token.secret)
    await program.hello()
    return SignedIn([person.secret, token.secret], [browser, script, program])


async def test_a_new_password_ends_everything_of_that_person_and_nobody_elses(
    serve: Serve,
) -> None:
    async with serve() as server:
        alice, bob = await server.person("alice"), await server.person("bob")
        await server.kit.room(alice.user, "garden", bob.user)
        bobs, other = await signed_in(bob), await alice.client()

        said = await operate(server, "user", "password", "bob", typed="an orchard with a bench\n")

        assert said == "bob has a new password. Sessions and tokens that ended: 2.\n"
        await bobs.has_ended(server)
        assert await other.ask("ping")


async def test_who_is_disabled_is_shut_out_and_comes_back_when_enabled(
    serve: Serve,
) -> None:
    async with serve() as server:
        alice, bob = await server.person("alice"), await server.person("bob")
        garden = await server.kit.room(alice.user, "garden", bob.user)
        bobs, other = await signed_in(bob), await alice.client()

        said = await operate(server, "user", "disable", "bob")

        assert said == "bob is disabled. Sessions and tokens that ended: 2.\n"
        await bobs.has_ended(server)
        room = await other.ask("open", room=garden)
        assert [member["username"] for member in room["members"]] == ["alice", "bob"]
        with pytest.raises(Refused) as refused:
            await other.ask("direct", users=["bob"])
        assert refused.value.code == "user_disabled"

        await operate(server, "user", "enable", "bob")

        again = await server.kit.chat.open_session(bob.user)
        await (await server.connect(again.secret)).hello()


async def test_a_new_owner_and_the_former_one_are_known_on_their_open_sockets(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_watch, "PAUSE", 0.05)
    monkeypatch.setattr(session_watch, "INTERVAL", 0.0)
    async with serve() as server:
        people = [await server.person(name) for name in ("zoe", "bob", "carol")]
        zoe, bob, carol = people
        garden = await server.kit.room(carol.user, "garden", zoe.user, bob.user)
        former, owner, _ = [await person.client() for person in people]

        assert await operate(server, "user", "owner", "bob") == "bob owns this server now.\n"

        connections = server.hub.switchboard.connections_of
        await eventually(lambda: all(each.user.is_site_owner for each in connections(bob.user.id)))
        await owner.ask("post", room=garden, key="k", text="/topic trees")
        with pytest.raises(Refused) as refused:
            await former.ask("post", room=garden, key="k", text="/topic weeds")
        assert refused.value.code == "permission_denied"


async def test_what_is_there_is_counted_while_people_write(server: Server, alice: Person) -> None:
    garden = await server.kit.room(alice.user, "garden")
    before = json.loads(await operate(server, "stats", "--json"))

    await alice.says(garden, "hello")
    after = json.loads(await operate(server, "stats", "--json"))

    assert (after["people"], after["sessions"]) == (1, 1)
    assert after["rooms"] == {"public": 1, "private": 0, "direct": 0}
    assert after["messages"] == before["messages"] + 1
    assert after["size"] > 1000
